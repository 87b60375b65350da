# The list for chat, posts and notices of a card hall. Own work, written from knowledge of the language; the format is
# described in rules/text/lexicon.h. Every change must keep the examples at the end true. shared.lex is read before it.
#
# What does not belong here: words of the table. People kill, bomb, poison, gamble, fire and win everything there, and they
# call a hand rubbish. Swearing at one's luck is a note; swearing at a person, his family, his death is a violation.
# Combinations judge better than words: task + pay + "add me", game + link, price + goods.
[entries]
# --- Contacts: in chat people also exchange them honestly, so a GM looks.
advert | review | <channel> | id
advert | review | 加微信 | id,sound
advert | review | 微信 | id,sound
advert | review | 加扣扣 | id,sound
advert | review | 扣扣 | id,sound
advert | review | 电话 | number,sound
advert | review | 电报 | id,sound
advert | review | 加群 | number,sound
advert | review | qq群 | id,sound
advert | review | 加qq | id,sound
advert | review | 加q | id,sound
advert | review | 加v | id,sound
advert | review | q群 | id,sound
advert | review | 加群 | id,sound
advert | review | 微信群 | id,sound
advert | review | 微信号 | id,sound
advert | review | 手机 | number,sound
advert | review | jwx | sub,id
advert | review | jvx | sub,id
advert | review | jqq | sub,id
advert | review | jiawx | sub,id
advert | review | jiavx | sub,id
advert | review | weixin | sub,id
advert | review | wechat | sub,id
advert | review | qq | sub,number
advert | review | vx | sub,number

# --- What is said of adverts, not by them.
set | report | 举报 有人发广告 发广告的 打广告的 别信 别加 不要相信 不要加 是骗子 是骗人 骗人的 被骗 上当 反诈 防骗 谨防 警惕诈骗 封了他 封他 怎么不封 管管 管一管
rule | advert | note | quoted | report contact

# --- Calls to action.
set | call | 加我 私我 私聊 私信 丝我 思我 斯我 厮我 私窝 佳我 佳窝 伽我 伽窝 加窝 ➕我 ➕窝 +我 +窝 q我 扣我 滴我 滴滴 dd 联系我 找我 来找我 找窝 咨询 详询 详聊 细聊 私细 细说 了解一下 来了解 了解嘛 了解吗 了解扣 要了解 需要的 有需要 需要吗 需要滴 需要私 需要加 需要➕ 需要丝 需要si 想要的 有意者 有意私 有意可 有意来 有兴趣 感兴趣 想做的 做的来 做的加 做的联系 有做的 有想做 想赚的 想赚钱 想玩的 想玩加 想玩私 想玩找 想玩（ 有玩的 玩的来 玩的加 玩的找 玩加我 要玩加 要的来 要的私 要的加 要的联系 虽要的 来不来 来不 来嘛 来么 来人 来口 接吗 做不做 做嘛 干不干 可以加 可以私 有的加 有的联系 有的私 的加我 的私 的联系 的佳 的伽 的思我 的丝 速来 速约 来撩 滴滴我 扣1 扣一 回1 抠1 扣666 密我 密他 m我 mmm 戳我 问我要 报名 名额有限 先到先得 免费带 免费教 包教 包会 我教你 手把手 进群 加群 拉你进 拉群 备用 自己加 加下我 加一下我 ＋我 找老师 找主持 客服在线 置顶 我主页 看主页 懂的来 懂得来 喜欢的加 可以带 想换 玩思我 思我 si我 私⭕ 私🍊 可私 有要 来聊 有号速 加好友 加个好友 打票的找

# --- Paid tasks and fake followers.
set | task | 代发 带发 代放 待发 抄小说 超小说 炒小说 抄书 超书 抄文 抄字 发文做 发纹 发蚊 发闻 发帖 发图文 发作品 评论员 抖音评论 快手评论 ks评论 评论来 做评 好评 差评 退差评 品退 点赞 涨粉 涨赞 加粉 刷粉 刷赞 刷单 刷子 刷量 刷钻 补单 补流量 补销量 打字员 打打字 打字聊天 试玩 做任务 任务单 复制粘贴 推wen 图文 有效粉 真粉 活粉 主持人 靠谱主持 代放主持 兼职 兼值 副业 副项 邺钼 线上工作 在家做 在家搞 宝妈 学生党 挂机 看广告 看短剧 写手 配音 拼单 助力 砍价 老号 养号 鱼塘 一丹 无货源 直播间 人气票 淘客 拉新 地推 辅助解 辅助注册 过脸 注销号 收量 大量收 大量要 短信代 代收 跑分 跑点 卡主 收卡 银行卡 提额 贷款 网贷 借贷 信用贷 征信 放款 下款 股票 牛股 炒股 期货 币圈 搬砖 虚拟币 项目 外出捞 偏门 篇门 线下兼 打条子 白户 黑户 车队
set | site | 抖音 抖号 斗音 dy 快手 块手 ks 小红书 小红薯 小绿书 闲鱼 咸鱼 淘宝 拼多多 多多 苏宁 美团 公众号 视频号 头条 今日头条 b站 百家号 谋音 某音 tb jd pdd xhs 探探 soul
set | pay | 现结 日结 立结 秒结 立杰 立杰無 时结 周结 日杰 时杰 结算 结账 当天结 当天拿 做完就结 下课结 小时结 日葆 时薪 一单一结 一丹一结 一丹一节 一个粉 一个赞 佣金 赚钱 赚米 赚快钱 搞钱 搞米 挣钱 挣米 挣点 赚点 赚零 零花钱 稳定收 稳赚 日入 月入 日赚 月赚 米米 免押 无押金 不用押 无风险 纯绿 童叟无欺 无前期 前期费用 免肥 来米 快米 米多 缺米 到手 纯利 提成 返现 w以上 日破 搞💰 赚💰 挣💰 挣🍚 💰拿 💰的
set | per | 一单 一丹 一旦 一篇 一条 一幅 一张 一天 每天 一晚 一小时 1小时 半小时 一个小时 小时 一个月 每个月 每月 1h 2h 分钟 60分 1天 日 月 天
rule | fraud | review | paid task and call | task pay call
rule | fraud | review | paid task | task pay | 20
rule | fraud | review | task and amount | task amount per | 30
rule | fraud | review | task and price | task price | 20
rule | fraud | review | task and call | task call | 16
rule | fraud | review | site and task | site task | 8
rule | fraud | review | pay, amount, call | pay amount call | 30
rule | fraud | review | pay, price, call | pay price call | 30
rule | fraud | review | pay and call | pay call | 14
rule | fraud | review | time, amount, call | per amount call | 14
rule | fraud | review | time, amount, pay | per amount pay | 14
rule | fraud | review | task and contact | task contact
rule | advert | review | call and link | call link
rule | advert | review | call and contact | call contact | 40
fraud | review | 抄小说
fraud | review | 超小说
fraud | review | 刷单
fraud | review | 跑分
fraud | review | 代发加我
fraud | review | 视频代发
fraud | review | 图文代发
fraud | review | 抖音代发
fraud | review | 快手代发
fraud | review | 闲鱼代发
fraud | review | dy代发
fraud | review | 有代发
fraud | review | 代发来
fraud | review | 涨粉丝
fraud | review | 刷粉丝
fraud | review | 刷赞
fraud | review | 万人鱼塘
fraud | review | 兼职点赞
fraud | review | 点赞兼职
fraud | review | 兼值
fraud | review | 免费带赚
fraud | review | 内部牛股
fraud | review | 带单老师
fraud | review | 不看征信
fraud | review | 黑户可贷
fraud | review | 秒下款
fraud | review | 无抵押贷
fraud | review | 收银行卡
fraud | review | 银行卡租用
fraud | review | 租银行卡
fraud | review | 借卡日结
fraud | review | 杀猪盘
fraud | review | 洗钱
fraud | review | 代开发票
fraud | review | 办证刻章
fraud | review | 假证
fraud | review | 假钞
fraud | review | 刻章
fraud | review | 代写论文
fraud | review | 替考
fraud | review | 枪手替考
fraud | review | 出售答案
fraud | review | 烟草贷
fraud | review | 副业项目
fraud | review | 轻松月入
fraud | review | 轻松日入
fraud | review | 日入过万
fraud | review | 月入过万
fraud | review | 时薪
word | 天上 天下 明天 今天 昨天 后天 前天 天气 白天 春天 夏天 秋天 冬天 聊天 天天 整天 星期天 每天都 小时候 小时了 大小时 日子 生日 今日 明日 昨日 节日 周日 月亮 月饼 月底 月初 一天一天 一天到晚 一条街 一张纸 一张床 分钟后 一条短信 一条信息 一条心 一张票 车票

# --- Boosting, accounts and goods of other games.
set | boost | 代练 代打 代刷 陪练 陪玩 带刷 带打 代做 代肝 代上分 打金 练级 等级代练 毕业 包团 包毕业 大秘境 大密境 大密 大米 团本 五人本 5人本 金牌挑战 成就龙 坐骑 幽灵虎 装备 武器 橙装 橙武 刷橙 箱子 荣誉 神器 幻化 月卡 点卡 账号 帐号 黄金 金币 金子 元宝 钻石 点券 皮肤 激活码 礼包码 cdk 外挂 辅助 脚本 科技 透视 自瞄 黑号 低保 翡翠 坐骑控 拍卖行 声望 前置任务 世界任务 成就 rbg 3v3 2v2 tcg boe 卡拉赞 klz 苏拉玛 勇气试炼 游戏币 欢乐豆 房卡 玩家号 初始号 账户 q币 话费 充值卡
set | trade | 卖 售 出售 转让 甩卖 大甩卖 收购 回收 批发 求购 团购 代售 抛售 销售 热售 热卖 促销 低价 最低价 超低价 特价 便宜 优惠 折扣 打折 半价 现货 秒发 包赔 量大 长期 承接 接单 专业 纯手工 手工 强力 业务 套餐 定制 维护 老板 工作室 团队 公会 工会 预订 预定 保证 效率 信誉 诚信 全天 库存 价格 大酬宾 回馈 支持淘宝 支付宝 paypal 淘宝 送坐骑 送代练 另售 另有 代秒 cheap wts 囤货 热销 一起打 包拍 包一周 无限刷 服务 需要的 全场 实惠 刀 usd rmb 折 抢购 清仓 处理 全通
rule | advert | review | boost and trade | boost trade !report | 12
rule | advert | review | boost, trade, call | boost trade call
rule | advert | plain | boost, trade, contact | boost trade contact
rule | advert | review | boost and price | boost price | 16
rule | advert | review | boost and contact | boost contact
rule | advert | review | trade, price, contact | trade price contact
rule | advert | review | trade, price, call | trade price call | 40
advert | review | 代练
advert | review | 代打
advert | review | 陪玩接单
advert | review | 工作室接单
advert | review | 金币代练
advert | review | 代肝
advert | review | 包上分
advert | review | 带你上分
advert | review | 卖号
advert | review | 收号
advert | review | 出号
advert | review | 售号
advert | review | 卖账号
advert | review | 收账号
advert | review | 卖帐号
advert | review | 收帐号
advert | review | 出账号
advert | review | 租号
advert | review | 开挂加
advert | review | 外挂
advert | review | 招代理
advert | review | 招总代
advert | review | 找代理
advert | review | 一级代理
advert | review | 总代理
advert | review | 房卡
advert | review | 买豆
advert | review | 买金币
advert | review | 换豆
advert | review | 换金币
advert | review | 收游戏
advert | review | 上分
advert | review | 下分
allow | 房卡不足
allow | 房卡没了
allow | 没房卡
allow | 房卡开
allow | 用房卡
allow | 房卡多少
allow | 上分了
allow | 一起上分
allow | 掉分上分
allow | 上分好难
allow | 上分难
allow | 冲上分
set | engood | gold golds g powerleveling powerlevel leveling levelling wowgold account accounts mount mounts boost boosting items item gear gears honor spectral tiger k arena rating
set | entrade | buy sell selling sale cheap cheapest cheaper price prices stock delivery deliver delivered order orders discount promotion promotional bonus wtb wts service website web site welcome visit offer offers coupon code usd eur euro gbp payment purchase trade free interested intrested interest
set | encall | whisper pst contact skype msn add login register click visit welcome disturb bother
rule | advert | review | gold trade with price | engood entrade price
rule | advert | review | gold trade with link | engood entrade link
rule | advert | review | gold trade with amount and call | engood entrade amount encall
rule | advert | review | gold trade, call | engood entrade encall | 60
rule | advert | review | trade with price and link | entrade price link
rule | advert | review | trade and link | entrade link
advert | review | wowgold | sub
advert | review | gold seller
advert | review | cheap gold
advert | review | cheapest gold
advert | review | buy gold
advert | review | buy some gold
advert | review | sell gold
advert | review | gold for sale
advert | review | wow gold
advert | review | powerleveling
advert | review | power leveling
advert | review | power-leveling
advert | review | p0werleveling
advert | review | free gold
advert | review | gold 4 sale

# --- Gambling for money, as rooms, lines and sites offer it.
set | game | 牛牛 金花 炸金花 砸金花 三公 斗牛 百家乐 龙虎 德州 德州扑克 捕鱼 棋牌 彩票 六合 体彩 福彩 3d 排三 时时彩 电子 真人 pg pp pg电子 ng 问鼎 体育 足球 球赛 比分 赛车 飞艇 28 28圈 牌九 炸锦花 金🌹 金🌺 牛🐮 牛🐂 🐮🐮 斗🐮 砸金 扫雷 接龙 红包 红包群 跑得快 麻将 斗地主 填大坑 大满贯 老虎机 红黑 单双 大小单双 滚球 赔率 一毛一分 一元一分 一块一分 一毛一份 菠菜 菠菜网 博彩 云顶 娱乐 麻将可拉 棋牌室 十三水 二八杠 推筒子 宝盒 私庄 娱乐局 邮局
set | house | 台子 苔子 台字 老台 新台 帖子 开户 腾龙 东升 壹号 太阳城 皇家 大舞台 注册送 注册就送 注册给 首充 首存 充100 充500 送100 送88 送28 送18 宋88 宋100 返388 返300 扶持 彩金 返水 高返 反水 放水 大水 大氺 放氺 哒💦 大💦 必红 必🌹 必得吃 吃肉 肉吃 出款 出水 秒到 秒上 无忧 上下分 ⬆️⬇️ 上下芬 回血 稳赢 包赢 包赔 带你赢 中奖率 下单助手 定胆 杀号 连赢 连吃 赢钱 网投 自建房 真实提现 提现 体现 取款 大户 盘口 下注 重注 代开 拉手 资金安全 新号 流水 首选
set | lead | 链接 🔗 复制 浏览器 浏懒器 浏览气 入口 网址 点top 點top 点cc 點cc 点vip 点me .top .cc .vip 同款 主播同款 🔍 拿走 收藏 认准 作品有
rule | gamble | review | game and house | game house | 24
rule | gamble | review | game and call | game call | 16
rule | gamble | review | house and call | house call | 16
rule | gamble | review | house and lead | house lead | 24
rule | gamble | review | lead and link | lead link
rule | gamble | review | house and link | house link
rule | gamble | review | game and link | game link
rule | gamble | review | game and contact | game contact
rule | gamble | review | house and contact | house contact
gamble | review | 牛牛私我
gamble | review | 一毛一分
gamble | review | 一元一分
gamble | review | 一块一分
gamble | review | 五毛一分
gamble | review | 大舞台
gamble | review | 平台大水
gamble | review | 大放水
gamble | review | 新人必红
gamble | review | 新手必红
gamble | review | 今晚必红
gamble | review | 靠谱台子
gamble | review | 稳台子
gamble | review | 老台子
gamble | review | 新台子
gamble | review | 新苔子
gamble | review | 换台子
gamble | review | 腾龙公司
gamble | review | 腾龙开户
gamble | review | 腾龙娱乐
gamble | review | 东升国际
gamble | review | 壹号国际
gamble | review | 主播同款
gamble | review | 同款链接
gamble | review | 吃肉链接
gamble | review | 在线开户
gamble | review | 注册就送
gamble | review | 注册送18
gamble | review | 注册送28
gamble | review | 注册送88
gamble | review | 充100送
gamble | review | 充500送
gamble | review | 首充即送
gamble | note | 问鼎
gamble | review | 送彩
gamble | review | pg电子
gamble | review | ng体育
gamble | review | 滚球
gamble | review | 稳赚不赔
gamble | review | 包赢
gamble | review | 自建台子
gamble | review | 自建房
gamble | review | 邮局玩
gamble | review | 协议球
gamble | review | 彩票计划
gamble | review | 大小单双
gamble | review | 中特
gamble | review | 二中二
gamble | review | 三中三
gamble | review | 玩踩票
gamble | review | 打票的
gamble | review | 真人娱乐
gamble | review | 线上德州
gamble | review | 菠菜平台
gamble | note | 博彩
gamble | review | 赌博群
gamble | review | 红包扫雷
gamble | review | 赌资
word | 平台期 中国际 游戏大厅

gamble | review | 送彩金
set | weakhouse | 平台 国际 在线 线上 新人 注册 充值 首选 开户 百度 搜 下载 app 地址 打开 输入 复制 🔗 浏
rule | gamble | review | house and weak lead | house weakhouse | 16
rule | gamble | review | site and link | weakhouse link
allow | 问鼎中原
allow | 问鼎冠军
allow | 瑟瑟缩缩
allow | 大男幼女
porn | review | yp | whole
insult | review | nmb
insult | review | qsb | whole

# --- Links alone.

# --- Pornography and solicitation in chat.
porn | review | 自慰
porn | review | 手淫
porn | review | 黄片
porn | review | 黄色小说
porn | review | 黄色视频
porn | review | 鸡巴
porn | review | 鸡吧
porn | review | 鸡8
porn | review | 骚逼 | sound
porn | review | 骚b
porn | review | 骚货
porn | review | 淫荡
porn | review | 淫贱
porn | review | porn | sub
porn | review | hentai | sub
insult | review | 憨批
insult | review | 憨逼
insult | review | 妈卖批
insult | review | 哈批
insult | review | 傻比 | sound
insult | review | 傻b
insult | review | 傻屄
insult | review | 傻屌 | sound
insult | review | 傻吊
insult | review | 煞笔
insult | review | 煞逼
insult | review | 沙逼
insult | review | 傻币
insult | review | 操nm
insult | review | 屌你
insult | review | 尼玛逼
insult | review | 妈b
insult | review | 滚你妈
insult | review | 狗日的
insult | review | 狗逼
insult | review | 狗b
insult | review | 龟孙子
insult | review | 龟儿子
insult | review | 臭婊
insult | review | 臭逼
insult | review | 臭b
insult | review | 烂逼
insult | review | 烂b
insult | review | 逼样
insult | review | 蠢逼
insult | review | 你奶奶的
insult | review | 你姥姥的
insult | review | 滚犊子
insult | review | 黑鬼
insult | review | fuck | sub
insult | review | nigger | sub
insult | review | faggot | sub
insult | review | bitch | prefix
insult | review | asshole | prefix
insult | review | cunt | prefix
insult | review | dickhead | prefix
insult | review | shithead | prefix
insult | review | dumbass | prefix
insult | review | jackass | prefix
insult | review | fcuk | prefix
insult | review | phuck | prefix
insult | review | mlgb | prefix
insult | review | fuk
insult | review | nigga
insult | review | niggas
insult | review | fku
porn | review | 母狗
porn | review | 小母狗
porn | review | 骚母狗
porn | review | 母🐶
porn | review | 母🐕
porn | review | 亩勾
porn | review | 亩狗
porn | review | 木勾
porn | review | 木🐶
porn | review | 🪵🐶
porn | review | 🪵勾
porn | review | 公狗任务
porn | review | 母畜
porn | review | 牝犬
porn | review | 狗奴
porn | review | 女奴
porn | review | 男奴
porn | review | 尿奴
porn | review | 奴隶求
porn | review | 求主人
porn | review | 找主人
porn | review | 主人加我
porn | review | 接主人
porn | review | 女主人调教
porn | review | 网调
porn | review | 狠调
porn | review | 能被调
porn | review | 可调教
porn | review | 被调教
porn | review | 求调教
porn | review | 调教吗
porn | review | 调教群
porn | review | 想被调教
porn | review | 视频调教
porn | review | 文字调教
porn | review | 文爱
porn | review | 闻爱
porn | review | 文i爱
porn | review | 文💗
porn | review | 语爱
porn | review | 磕炮
porn | review | 瑟瑟
porn | review | 涩涩
porn | review | 濏濏
porn | review | 色色的
porn | review | 色色吗
porn | review | 聊色
porn | review | 聊瑟
porn | review | 谈色
porn | review | 色搭子
porn | review | 涩搭子
porn | review | se搭子
porn | review | 瑟搭子
porn | review | 约泡
porn | review | 约刨
porn | review | 约抛
porn | review | 啪啪
porn | note | 打炮
porn | review | 来炮
porn | review | 一炮
porn | review | 卖举
porn | review | 出原味
porn | review | 愿味
porn | review | 原味丝袜
porn | review | 原味袜
porn | review | 原味内
porn | review | 二手内衣
porn | review | 二手丝袜
porn | review | 穿过的袜
porn | review | 穿过的丝袜
porn | review | 丝袜卖
porn | review | 自录
porn | review | 自慰视频
porn | review | 自🦌
porn | review | 出录像
porn | review | 出自录
porn | review | 出视频片
porn | review | 盖片
porn | review | 卖片
porn | review | 看片
porn | review | 发你点片
porn | review | 资源片
porn | review | 片群
porn | review | pian群
porn | review | 聊黄
porn | review | 色视频
porn | review | 黄油群
porn | review | 出禁漫
porn | review | 禁漫
porn | review | 禁漫天堂
porn | review | 海角社区
porn | review | 海角破解
porn | review | 91视频
porn | review | p站
porn | note | 暗网
porn | review | 萝莉社
porn | review | 少萝
porn | review | 少罗
porn | review | 幼女
porn | review | 炼铜
porn | review | 裸照
porn | review | 裸聊
porn | review | 果聊
porn | review | luo聊
porn | review | 果照
porn | review | 看你裸
porn | review | 换妻
porn | review | 夫妻交换
porn | review | 夫妻换
porn | review | 换夫
porn | review | 单男
porn | review | 4p
porn | review | 绿奴
porn | review | 绿帽奴
porn | review | 艾死艾木
porn | review | 爱四爱
porn | review | 爱死爱木
porn | review | m圈
porn | review | sm圈
porn | review | sm群
porn | review | 是sm
porn | review | dom滴
porn | review | 女s
porn | review | 男s吗
porn | review | 女同看
porn | review | 女m
porn | review | 男m
porn | note | 喷水
porn | review | 爽歪歪
porn | review | 想操
porn | review | 能操吗
porn | review | 想操她
porn | review | 好想操
porn | review | 操死她
porn | note | 干她
porn | review | 操逼
porn | review | 日逼
porn | review | 操b
porn | review | 扫比
porn | review | b痒
porn | review | b羊
porn | review | 逼痒
porn | review | 痒的不行
porn | review | 奶子
porn | review | 奈子
porn | review | 大奶
porn | review | 巨乳
porn | review | 奶头
porn | review | 屁股翘
porn | review | 内涩
porn | review | 后入
porn | review | 后杁
porn | review | 口爆
porn | review | 口出来
porn | review | 射你
porn | review | 射她
porn | review | 射嘴
porn | review | 射满
porn | review | 灌满
porn | review | 被灌
porn | review | 舔我
porn | review | 跪舔
porn | review | 舔脚
porn | review | 舔b
porn | review | 含住
porn | review | 飞机杯
porn | review | 斐济杯
porn | review | 精盆
porn | review | 精液
porn | review | 几把硬
porn | review | 肉棒
porn | review | 硬了
porn | review | 湿了吗
porn | note | 高潮
porn | review | 高几
porn | review | 娇喘
porn | review | 磁力链
porn | note | 番号
porn | review | 车牌号码片
porn | review | 魅魔
porn | review | 卡泡
porn | review | 约会上门
porn | review | 外出上门
porn | review | 上门300
porn | review | 楼凤
porn | review | 品茶
porn | review | 喝茶滴滴
porn | review | 🚪喝茶
porn | review | 外卖妹
porn | review | 学生妹
porn | note | 全套
porn | note | 快餐
porn | review | 包夜
porn | review | 一晚一千
porn | review | 一夜情
porn | review | 援交
porn | review | 嫩模
porn | review | 高端外围
porn | review | 校服约
porn | review | 迷晕
porn | review | 捡尸
porn | review | 乱伦
porn | review | 偷拍
porn | review | 偷窥
porn | review | 裸体
porn | review | 露出任务
porn | review | 露出照
porn | review | 公调
porn | review | 骚女
porn | review | 骚逼
porn | review | 穴里
porn | review | 出牛举
porn | review | 白虎女
porn | review | 反差婊
porn | review | 反差女
porn | review | 求果
porn | review | 看果
porn | note | 打飞机
set | body | 原味 丝袜 袜子 内裤 内衣 自拍 录像 自录 视频 照片 爸爸 妈咪 妈妈 主人 女王 姐姐 小姐姐 宝宝 男友 搭子 弟弟 哥哥
set | lust | 色色 瑟瑟 涩涩 色 涩 瑟 文爱 调教 母狗 约 饥渴 骚 欲 裸 sm 原味 睡 炮 处女 处男 破处 奴 女s 大小 长度 硬 湿 痒 做爱 feel
rule | porn | review | body for sale | body lust call | 16
porn | review | 妈妈加我
porn | review | 爸爸加我
porn | review | 找爸爸
porn | review | 找妈妈加
porn | review | 想要爸爸
porn | review | 妈咪dd
porn | review | 爸爸dd
porn | review | 宝宝文dd
porn | review | 叫爸爸加
porn | review | 同城约
porn | review | 约吗
porn | review | 约不约
porn | review | 私约
porn | review | 线下约
porn | review | 附近约
porn | review | 上门约
porn | review | 做爱
porn | note | 性爱
porn | note | 色情
porn | review | 强奸
allow | 预约吗
allow | 看片区
allow | 高潮迭起
allow | 高潮部分
allow | 瑟瑟发抖
allow | 秋风瑟瑟
allow | 瑟瑟秋风
allow | 形形色色
allow | 各色色彩
allow | 大奶奶
allow | 大奶牛
allow | 大奶茶
allow | 肉棒骨
allow | 淫雨
allow | 硬了心
allow | 全套设备
allow | 全套装备
allow | 全套教材
allow | 快餐店
allow | 吃快餐
allow | 快餐盒
allow | 肯德基快餐
allow | 喝茶吗朋友
allow | 网约吗

# --- Abuse of persons. At the table swearing at luck is a note.
insult | review | 没父母
insult | review | 没浮木
insult | review | 没有浮木
insult | review | 没有父母的
insult | review | 没木琴
insult | review | 没有木琴
insult | review | 没母亲
insult | review | 没亩
insult | review | 没妈
insult | review | 没妈的
insult | review | 没🐴
insult | review | 没🐎
insult | note | 没马
insult | review | 无父无母
insult | review | 父母双亡
insult | review | 浮木双亡
insult | review | 浮木没有
insult | review | 浮木发射
insult | review | 木琴发射
insult | review | 木琴骨灰
insult | review | 你木琴
insult | review | 你浮木
insult | review | 老木琴
insult | review | 有木琴吗
insult | review | 死爹
insult | review | 死妈
insult | review | 死🐴
insult | review | 死🐎
insult | note | 司马
insult | review | 司马东西
insult | review | 亖妈
insult | review | 妈亖了
insult | review | 你妈没
insult | review | 妈死了
insult | review | 死全家
insult | review | 全家cb
insult | review | 全家火葬
insult | review | 全家升天
insult | review | 全家爆炸
insult | note | 你全家
insult | note | 祖坟
insult | review | 刨坟
insult | note | 骨灰
insult | note | 上坟
insult | note | 孤儿
insult | review | 孤儿院
insult | review | 孤儿东西
insult | review | 杂种
insult | review | 狗种
insult | review | 扎种
insult | review | 畜生
insult | review | 畜牲
insult | review | 蓄生
insult | note | 初生
insult | review | 纯出生
insult | review | 是出生
insult | review | 这出生
insult | review | 出生东西
insult | review | 出生吗
insult | review | 被出生
insult | review | 出生才
insult | review | 出生玩意
insult | review | 出生一个
insult | review | 纯畜
insult | review | 春竹
insult | review | 纯猪
insult | review | 蠢猪
insult | review | 肥猪
insult | note | 死猪
insult | note | 母猪
insult | note | 猪头
insult | note | 猪脑
insult | review | 老母猪
insult | review | 狗东西
insult | note | 狗叫
insult | review | 狗崽
insult | review | 狗杂
insult | note | 狗嘴
insult | review | 狗吊
insult | review | 狗娘
insult | review | 狗贼
insult | note | 死狗
insult | review | 疯狗
insult | review | 贱狗
insult | review | 傻狗
insult | review | 臭狗
insult | review | 老狗
insult | review | 癞皮狗
insult | note | 走狗
insult | review | 日本狗
insult | review | 挂狗
insult | note | 舔狗
insult | review | 狗一条
insult | review | 狗策划
insult | review | 狗🐶
insult | review | 贱🐶
insult | review | 贱草
insult | review | 贱人
insult | review | 见货
insult | note | 嘴贱
insult | note | 下贱
insult | note | 犯贱
insult | note | 真贱
insult | review | 婊子
insult | review | 绿茶婊
insult | review | 婚驴
insult | review | 破鞋
insult | review | 骚狗
insult | review | 臭鱼
insult | review | 臭虫
insult | review | 臭乐子
insult | review | 臭贝贝
insult | review | 你大坝
insult | note | 大坝的
insult | review | 告诉你坝
insult | review | 大坝在
insult | review | 是你爹
insult | note | 你爹我
insult | review | 你爸我
insult | review | 你爷爷我
insult | note | 叫爸爸
insult | review | 喊爸爸
insult | review | 叫爷爷
insult | note | 你大爷的
insult | review | 老味
insult | review | 吊你
insult | review | 叼你
insult | review | 丢你
insult | review | 顶你个肺
insult | review | 仆街
insult | review | 日你
insult | review | 曰你
insult | review | 干你娘
insult | review | 干你大坝
insult | review | 干他大坝
insult | review | 操你
insult | review | 草你
insult | review | 操他
insult | review | 草他
insult | review | 草泥马
insult | review | 日了你
insult | review | 你妈的
insult | review | 你妈逼
insult | review | 你妈就是
insult | note | 你妈是
insult | review | 你妈卖
insult | review | 你妈个
insult | review | 你马的
insult | note | 你吗的
insult | review | 尼玛的
insult | review | 你🐴
insult | review | 你🐎
insult | note | 你玛
insult | review | 去你妈
insult | review | 去你🐎
insult | review | 去他妈
insult | note | 滚出去
insult | note | 滚蛋
insult | note | 滚开
insult | review | 给爷滚
insult | review | 爬开
insult | review | 爪巴
insult | review | 二臂
insult | review | 二比
insult | review | 二逼
insult | review | 二笔
insult | review | 大sb
insult | review | 傻x
insult | review | 傻叉
insult | note | 傻子
insult | review | 傻缺
insult | note | 沙雕
insult | review | 沙b
insult | review | 啥笔
insult | review | 纱布乐子
insult | note | 傻帽
insult | review | 煞比
insult | review | s13
insult | note | 大傻
insult | review | 蠢货
insult | review | 蠢蛋
insult | review | 蠢材
insult | note | 白痴
insult | note | 白吃
insult | review | 弱智
insult | review | 若至
insult | review | 智障
insult | review | 制杖
insult | review | 智杖
insult | review | 纸张玩意
insult | note | 低能
insult | review | 脑瘫
insult | review | 脑残
insult | review | 脑子有病
insult | review | 脑子进水
insult | review | 脑子是有
insult | review | 脑子长
insult | review | 脑子喂狗
insult | review | 大脑发育
insult | review | 大脑进水
insult | note | 有病吧
insult | note | 有毛病
insult | note | 神经病
insult | review | 有大病
insult | review | 有病是
insult | note | 你有病
insult | review | 精神病
insult | note | 疯子
insult | note | 残废
insult | review | 废物
insult | review | 费物
insult | note | 飞舞
insult | review | 飞物
insult | review | 垃圾玩意
insult | review | 垃圾东西
insult | note | 是垃圾
insult | review | 个垃圾
insult | review | 垃圾人
insult | note | 垃圾队友
insult | review | 垃圾桶里
insult | review | 人渣
insult | review | 渣滓
insult | note | 杂碎
insult | note | 败类
insult | review | 死变态
insult | note | 变态
insult | review | 恶心的人
insult | review | 真恶心
insult | note | 恶心人
insult | review | 丑八怪
insult | review | 丑东西
insult | review | 什么丑
insult | note | 长得丑
insult | note | 长的丑
insult | note | 真丑
insult | review | 丑逼
insult | note | 丑男
insult | note | 丑女
insult | note | 小丑
insult | review | 穷逼
insult | note | 穷鬼
insult | review | 穷b
insult | note | 屌丝
insult | note | 吊丝
insult | note | 乞丐
insult | review | 乞讨
insult | review | 讨口子
insult | note | 要饭
insult | review | 屎尿
insult | review | 一坨屎
insult | review | 一坨s
insult | review | 坨屎
insult | note | 吃屎
insult | review | 赤石
insult | review | 纯屎
insult | review | 屎一样
insult | review | 都是史
insult | review | 粪坑
insult | note | 狗屎
insult | review | 屎山
insult | review | 屌毛
insult | review | 吊毛
insult | note | 几把
insult | review | 逼嘴
insult | note | 逼逼
insult | review | b脸
insult | review | 逼脸
insult | review | bb赖赖
insult | review | 小逼
insult | note | 装逼
insult | note | 装b
insult | review | 装nm
insult | review | nmd
insult | review | nm东西
insult | review | 骂谁呢
insult | review | 信球
insult | review | 瘪三
insult | review | 瘪犊子
insult | review | 王八蛋
insult | note | 王八
insult | note | 乌龟
insult | review | 龟孙
insult | review | 憨包
insult | review | 先人板板
insult | review | 砍脑壳
insult | review | 宝批龙
insult | review | 小兔崽子
insult | note | 兔崽子
insult | review | 臭不要脸
insult | note | 不要脸
insult | review | 没脸没皮
insult | note | 厚脸皮
insult | note | 没教养
insult | note | 没素质
insult | note | 缺德
insult | note | 去死
insult | review | 快去死
insult | note | 该死
insult | note | 真该死
insult | review | 怎么不去死
insult | review | 死了算了
insult | note | 弄死
insult | review | 砍死
insult | review | 捅死
insult | note | 小心点
insult | note | 开盒
insult | review | 开户吧
insult | review | 要开户
insult | review | 打断你
insult | review | 剁了你
insult | review | 出门被车
insult | review | 被车撞
insult | review | 不得好死
insult | review | 断子绝孙
insult | review | 天打雷劈
insult | review | 下地狱
insult | review | 畜生不如
insult | note | 禽兽
insult | review | 两个卖的
insult | review | 卖屁股
insult | note | 卖身
insult | review | 鸡婆
insult | review | 🐔婆
insult | review | 三姐🐔
insult | note | 野鸡
insult | review | 鸡女
insult | review | 你是🐔
insult | review | 你是🦆
insult | review | cs吗
insult | review | 是cs
insult | review | 纯cs
insult | review | 多cs
insult | note | 南通
insult | review | 死gay
insult | review | 死人妖
insult | review | 娘炮
insult | note | 梅木
insult | note | 酷狗
insult | review | 狗吧你
insult | review | q币水军
insult | review | 水军罢
insult | note | 死鱼
insult | review | 死胖子
insult | review | 死肥
insult | review | 肥婆
insult | note | 矮子
insult | note | 秃子
insult | note | 瞎子吗
insult | note | 聋子
insult | note | 哑巴吗
insult | note | 小学生吧
insult | review | 菜逼
insult | note | 菜狗
insult | note | 菜鸡
insult | review | 菜得抠脚
insult | review | 菜b
insult | note | 这么菜
insult | note | 真菜
insult | note | 太菜了吧
insult | note | 坑货
insult | review | 坑逼
insult | note | 猪队友
insult | review | 骗钱的
insult | review | 小骗子
insult | review | 老骗子
insult | review | 死骗子
insult | review | 臭骗子
insult | review | 婊气
insult | review | 孬种
insult | note | 怂包
insult | note | 怂货
insult | review | 窝囊废
insult | review | 狗腿子
insult | note | 汉奸
insult | review | 小日本
insult | review | 小鬼子
insult | review | 支那
insult | review | 棒子国
insult | review | 洋垃圾
insult | note | 阿三
# Said to a person it is abuse, whatever the word.
set | person | 你 你们 尼 妳 他 她 他们 这人 这个人 这种人 这货 那货 楼主 主包 队友 对面 上家 下家 地主 农民 庄家 策划 孩子 哥们 兄弟 老哥 玩家
set | scorn | 傻子 垃圾 废物 脑残 智障 白痴 弱智 有病 神经病 恶心 丑 蠢 贱 狗 猪 🐶 🐷 畜生 出生 初生 孤儿 司马 小丑 疯子 狗叫 菜狗 屎 史 💩 恶臭 变态 骗子 下贱 嘴臭 滚 去死 死了 不配 也配 配吗 没人要 没爹 没妈 父母 双亲 爹妈 爸妈 你爹 你妈 你马 你吗 妈 亩 坝 木琴 浮木 🐴 🐎 春竹 cs nm nt sb 逼 b脸 野鸡 穷鬼 狗嘴 飞舞 残废 骨灰 缺爱 乞讨 挂狗 两个卖 赤石 汪汪叫 可怜 真该 全家 骂 cb 亖 爬 若至 制杖 脑子 毛病 大病 猪脑 狗屎 不要脸 没素质 没教养 口臭 败类
set | strongscorn | 傻子 垃圾 废物 弱智 畜生 小丑 孤儿 司马 狗叫 恶臭 也配 配吗 没爹 没妈 木琴 浮木 亩 春竹 cs nt 骨灰 缺爱 野鸡 残废 狗嘴 飞舞 🐴 🐎 亖 疯子 若至 制杖 大病 猪脑 汪汪叫 败类 口臭 下贱 赤石 坝
rule | insult | review | scorn of a person | person strongscorn | 6
word | 垃圾桶 垃圾分类 有病毒 有病假 生病 看病 养病 毛病 疾病 小狗 狗粮 狗狗 热狗 单身狗 猪肉 猪蹄 小猪 史料 历史 女史
allow | 笑死你
allow | 想死你
allow | 爱死你
allow | 有病吧台
allow | 司马懿
allow | 司马迁
allow | 司马光
allow | 司马昭
allow | 司马相如
allow | 司马师
allow | 公司马上
allow | 公司马
allow | 上司马
allow | 孤儿院长大
allow | 大坝上
allow | 三峡大坝
allow | 水库大坝
allow | 初生牛犊
allow | 初生的
allow | 出生日期
allow | 出生地
allow | 出生年月
allow | 出生在
allow | 刚出生
allow | 飞舞的
allow | 一条狗
allow | 乌龟壳
allow | 骨灰级
allow | 变态辣
allow | 阿三哥
allow | 白吃白喝
allow | 酷狗音乐
allow | 南通市
allow | 江苏南通
allow | 我有病
allow | 不滚出去
allow | 口吃屎壳郎
allow | 祖坟冒青烟
allow | 小学生吧台
allow | 死鱼眼
insult | review | moron
insult | review | motherfucker | sub
insult | review | son of a bitch
insult | review | kill yourself
insult | review | kys
insult | review | idiot
insult | review | retarded
insult | review | scumbag
insult | review | dumb fuck
insult | review | piece of shit
insult | review | go die
insult | review | fuck you
insult | review | fuck u
insult | review | shit
insult | review | whore
insult | review | slut
insult | review | twat
insult | review | gtfo
insult | review | stfu
insult | review | noob trash
insult | review | uninstall
insult | review | cancer
insult | review | trash
insult | review | loser

# --- Faith, politics, staff.
religion | review | 全能神
religion | review | 法轮
politics | review | 台独
politics | review | 藏独
politics | review | 疆独
politics | review | 港独
politics | review | 打倒共
politics | review | 共匪
politics | review | 灭共
politics | review | 反共
politics | review | 推翻共
politics | review | 八九六四
politics | review | 六四事件
politics | review | 六四屠杀
politics | review | 习包子
politics | review | 习维尼
politics | review | 江贼民
politics | review | 毛贼东
politics | review | 天安门事件
politics | review | 天安门屠杀
impersonation | review | 系统管理员
impersonation | review | 系统公告
impersonation | review | 系统通知
impersonation | review | 系统消息
impersonation | review | 官方客服 | sound
impersonation | review | 官方公告
impersonation | review | 官方通知
impersonation | review | gm客服
impersonation | review | 我是gm
impersonation | review | 我是客服
impersonation | review | 我是官方
impersonation | review | 我是管理员
impersonation | review | 本官方
impersonation | review | 中奖通知
impersonation | review | 封号通知
impersonation | review | gm01
impersonation | review | 您已中奖
impersonation | review | 恭喜您中奖
impersonation | review | 账号异常请
impersonation | review | 领取奖励请加

insult | review | shabi | prefix

# --- Solicitation: who is sought, what is asked for.
set | pet | 母狗 公狗 女狗 狗奴 母🐩 母🐶 公🐶 小🐶 女宝🐶 mg 小mg 反差mg 女奴 男奴 女仆 主人 女主 男主 女s 男s 女m 男m 抖m 抖s 色批 色色 瑟瑟 涩涩 色搭 色搭子 文爱 四爱 温主 找s 找m 字母圈 福利姬 炮友 跑友 月抛 长期炮
set | seek | 加我 收 找 求 有没有 有吗 要的 想要 想找 当我 做我 我当 dd 滴滴 自己加 加 ➕ 私 聊 来 搭子 可以吗 可以嘛 不 吗 嘛 姐姐 弟弟 哥哥 宝宝
rule | porn | review | partner sought | pet seek | 5
set | smut | 海角 海角社区 海角网 jm 禁漫 黄油 瑟图 涩图 色图 黄图 黄漫 黄片 煌片 黄网 原味 黑料 糖心 困困兔 快猫 福利姬 桃花源 小蓝 漫蛙 哔咔 gtv 工口 里番 本子 zw 自慰 绿帽文 洛聊 裸聊 果聊 牛举 s举 反差视频 自录 暗网 高中表妹 91视频 91tv 煌軟 黄软 片源 黄色网 黄色软件 小电影 裸照 裸看 居居 聚聚 性爱 丝欲 色视频 色情
set | ask | 求 要吗 要的 要么 有吗 有没有 给看 给个 网址 链接 🔗 破解 失效 资源 全集 教程 卖 出 买 回收 收购 换 发我 发你 给我 互看 互照 有的 下载 网站 软件 需要 加我 加好友 ➕ 想看 看看 看吗 个 元 一条 r出 交易 验证 分享 搬运 更新 找
rule | porn | review | smut asked for | smut ask | 10
porn | review | 原味黑丝
porn | review | 出袜
porn | review | 你的袜子
porn | review | 女生原味
porn | review | 主播原味
porn | review | 看居居
porn | review | 看聚聚
porn | review | 互👀
porn | review | 看bb
porn | review | 给看腿
porn | review | 妈妈加
porn | review | 麻麻加
porn | review | 妈咪加
porn | review | 加我妈妈
porn | review | 爸爸加
porn | review | 宝宝加我
porn | review | 女儿加
porn | review | 收女儿
porn | review | 认妈妈
porn | review | 收母
porn | review | 收女狗
porn | review | mu🐶
porn | review | 木苟
porn | review | 母苟
porn | review | 小狗男
porn | review | 当m
porn | review | 抖m
porn | review | 口嗨
porn | review | 烧货
porn | review | sao货
porn | review | 发情
porn | review | 性欲
porn | review | 茎叶
porn | review | 裸看
porn | review | 月抛
porn | review | 媚黑
porn | review | 爆艹
porn | review | 三通
porn | review | 受虐
porn | review | 反差感
porn | review | 白虎逼
porn | review | 真空带
porn | review | 瑟不瑟
porn | review | 聊s
porn | review | 有黄
porn | review | 越射
porn | review | 大j8
porn | review | 假j8
porn | review | j8
porn | review | 喝茶的来
porn | review | 来喝茶的
porn | review | 约茶
porn | review | 老车保养
porn | review | 我很色
porn | review | 我可以色
porn | review | 想色
porn | review | 看涩
porn | review | 看黄
porn | review | 四爱女
porn | review | 草起来
porn | review | 干起来
porn | review | 草的就是
porn | review | 🐔🐔
porn | review | 越蛇越
porn | review | 蛇精
porn | review | 玩玩具
porn | review | 插你
porn | review | 给c吗
porn | review | 给我c
porn | review | 想c
allow | 蛇精病
allow | 葫芦娃蛇精
allow | 发情期
allow | 原味奶茶
allow | 原味薯片
allow | 原味瓜子
allow | 原味酸奶
allow | 天涯海角
allow | 看黄河
allow | 有黄色
allow | 看黄山
allow | 看黄昏
allow | 三通一平
allow | 四通三通
word | 海角天涯 黄油面包 黄油饼干 本子上 作业本子 笔记本子 桃花源记 世外桃源 色色俱全

[must_hit]
advert | plain | 低价金币 加微信abc888
advert | plain | 收豆出豆 加薇abc888
advert | plain | 诚信上下分 秒到账
advert | plain | 房卡代理招募中
advert | plain | 出售房卡 量大优惠
advert | plain | 专业代练 QQ88123456
advert | plain | 麻将透视挂 联系我
advert | plain | 银商收分
advert | plain | 賣金幣
advert | plain | 卖.金.币
advert | review | 卖金bi
advert | review | 加微信abc888
advert | review | 加❤薇❤信 ⑧⑧①②③④⑤⑥
advert | review | +v abc888
advert | review | 扣扣八八一二三四五六
advert | review | jia wei xin abc888
advert | review | 加彳山一几攵 亻言abc888
advert | review | ‮888cba信微加‬
advert | review | www.abc888.com
advert | review | abc888点com
advert | review | Cheap gold for sale, 10k = 20 usd
gamble | review | 注册送88 浏览器打开y62aa.top
gamble | plain | 澳门赌场上线啦
gamble | plain | 网 上 赌 场
gamble | review | 牛牛私我
gamble | review | 平台大放水 今晚必红
fraud | review | 抖音代发一单80现结
fraud | review | 日结2000 需要的来
fraud | review | 在家兼职 需要的私我
fraud | review | 一小时600 私我
porn | plain | 同城上门 随叫随到
porn | plain | 裸聊加我
porn | review | 小母狗加我
porn | review | 文爱吗 来
porn | review | 做1爱
insult | review | 傻逼队友
insult | review | 傻1逼
insult | review | 傻😂逼
insult | review | sha bi
insult | plain | 你🐴死了
insult | review | 没父母的东西
insult | review | 你这个废物
insult | plain | nmsl
insult | plain | 草泥马
insult | plain | 死全家
impersonation | review | 系统公告：请加群领奖
politics | review | 支持台独

[must_miss]
你的牌打得太好了
快点吧，等得花儿都谢了
杀！炸！毒！
我要炸你了
这把放炮的是谁
清一色自摸，胡了
赌一把大的
快放炮啊
死了死了，这手牌完了
要不起
三带一对，飞机带翅膀
顺子同花顺
谁点的炮
快点下注吧
搏一搏，单车变摩托
今天不赢一个亿不睡觉
不怕神一样的对手，就怕猪一样的队友
我微信登录不上去了怎么办
交个朋友吧
房卡不足了，谁开一下房
我上分了，一起上分
这局赢了2400金币
今天输了10000豆子
怎么领每日金豆
三缺一速来
六个人开房间打麻将
今晚八点老地方
打牌打到天亮
我出去一下，托管了
网卡了别骂我
有人发广告，举报他
那个人是骗子，别加
别信，加微信的都是骗子
路口交通堵了
下班了来接我吧
明天几点上课
你到家了给我发条短信
一天没见你了
我在车上，半小时到
周日，你有空吗
生日你好
曹操你好
秋风瑟瑟
体操冠军
法轮胎压
理性爱国
学习近平均
六四分成
出租车到门口了
十点半见
10:30开始
八点二十
底分100
房间号10086
牌局编号202405201314520
v1.2.3更新了
gg wp
nice game
well played
this hand kills me
good luck have fun
full house beats a flush
class assassin
let's go
