# What the lists for nicknames and for chat share. Own work, written from knowledge of the language; the format is
# described in rules/text/lexicon.h. It is read before names.lex and chat.lex.

# --- Contacts. A channel before something like a number or an account name is a contact.
set | channel | 微信 威信 薇信 徽信 维信 微芯 薇芯 薇心 微心 溦信 嶶信 v信 v芯 vx wx weixin wechat 微 薇 徽 溦 v 歪信 胃信
set | channel | 绿泡泡 绿色软件 绿信 卫星 卫星号 微信号 薇信号 威信号 微信群 vx号 wx号 v号 微号 薇号 微我 薇我 威我
set | channel | qq q 扣扣 扣 叩叩 抠抠 寇寇 蔻蔻 球球 秋秋 口口 企鹅 企鹅号 鹅号 qq号 q号 扣扣号 扣号 kk koukou 球号 企鹅群 丘丘 扣1 q1
set | channel | qq群 q群 扣群 扣扣群 群 裙 群号 裙号 君羊 羊君 进群 入群 交流群 加群 q裙 扣裙 微群 伽群 佳群 群聊 逡 宭
set | channel | 电报 电报群 telegram tg 纸飞机 飞机号 skype whatsapp discord line 旺旺 yy 陌陌 探探 快手号 抖音号 小红书号 钉钉 imo 蝙蝠
set | channel | 电话 手机 手机号 联系电话 热线 致电 tel 号码 电话号 联系方式 短信
set | channel | 加我 加 佳 伽 咖 嘉 加v 加q 加微 加薇 佳薇 伽薇 +v +q +vx +wx +微 +薇 加vx 加wx 加qq 加扣 jia jiav jiawx jiavx jwx jvx 联系 咨询 找 搜 搜索 添加 私
mark | contact | <channel> | id
mark | contact | 加微信 | id,sound
mark | contact | 加我微信 | id,sound
mark | contact | 微信同号 | id,sound
advert | review | 微信同号 | sound
advert | review | 加我微信 | sound
mark | contact | 扣扣 | id,sound
mark | contact | 电话 | number,sound

# Add-me phrases without an id.
set | add | 加 佳 伽 嘉 咖 迦 + 家 jia 茄 十
set | app | 微 薇 威 溦 v vx wx q qq 微信 薇信 威信 v信 扣扣 企鹅 扣 微芯 薇芯 卫星 维信 纸飞机 电报 tg 绿泡泡 裙 君羊 徽 徽信 威我 薇我 微我
set | me | 我 窝 沃 wo 偶 俺
advert | review | 加微信 | sound
advert | review | +v
advert | review | +vx
advert | review | +q
advert | review | +qq
advert | review | +wx
advert | review | +微
advert | review | +薇
advert | review | 加v信
advert | review | 佳v
advert | review | 伽v
advert | review | 加薇信
advert | review | 加微芯
advert | review | <add><me>微信
advert | review | 佳薇
advert | review | 佳微
advert | review | 伽薇
advert | review | 伽微
advert | review | 嘉薇
advert | review | 茄薇
advert | review | 加薇芯
advert | review | 佳薇芯
advert | review | 佳薇信
advert | review | 加微讯
advert | review | 卫星同号
advert | review | v同号
advert | review | vx同号
advert | review | 电话同号
advert | review | 手机同号
advert | review | 扫码加
advert | review | 扫码进群
advert | review | 扫二维码
advert | review | 进裙
advert | review | 加裙
advert | review | 入裙
advert | review | 进君羊
advert | review | 佳我 | whole
advert | review | 伽我 | whole
advert | review | +我 | whole
advert | review | 佳窝
advert | review | 伽窝
advert | review | 加窝
advert | review | ➕v
advert | review | ➕我
advert | review | ➕q
advert | review | ➕窝
advert | review | 看我签名
advert | review | 看我主页
advert | review | 看我简介
advert | review | 看我头像
advert | review | 看我资料
advert | review | 看我名字
advert | review | 看签名加
advert | review | 点我头像
advert | review | 点我主页
advert | review | 点击主页
advert | review | 主页有
advert | review | 主页联系
advert | review | 淘口令
advert | review | 复制这段话
advert | review | 复制本段
advert | review | 复制此消息
advert | review | 复制口令
advert | review | 百度搜
advert | review | 百度一下搜
advert | review | 浏览器搜
advert | review | 浏览器输入
advert | review | 浏览器打开
advert | review | 复制浏览器
advert | review | 复制到浏览器
advert | review | 浏览器搜索
advert | review | 应用商店搜

# Heard and seen through whatever their severity elsewhere.
mark | contact | qq群 | id,sound
advert | review | 加信微
advert | review | 信微加
advert | review | 私聊我有福利
advert | review | 私聊领
advert | review | 加薇信号
advert | review | 领福利
porn | review | 做爱 | sound
porn | review | 强奸 | sound
porn | review | 一夜情 | sound
porn | plain | 约炮 | sound
porn | plain | 口交 | sound
porn | plain | 卖淫 | sound
porn | plain | 援交 | sound
porn | plain | 裸聊 | sound
porn | plain | 成人视频 | sound
porn | plain | 同城上门 | sound
porn | review | 同城约炮 | sound
porn | review | 上门服务 | sound
insult | review | 贱人 | sound
insult | review | 脑残 | sound
insult | review | 智障 | sound
insult | review | 傻逼 | sound
insult | review | 煞笔 | sound
insult | review | 煞笔队友 | sound
insult | review | 智障玩意 | sound
insult | review | 妈的智障 | sound
insult | review | 废物东西 | sound
insult | review | 垃圾队友 | sound
insult | review | 滚你妈的 | sound
insult | review | 滚你妈 | sound
insult | review | 你妈逼 | sound
insult | review | 去死吧 | sound
insult | plain | 日你妈 | sound
insult | review | 操你妈 | sound
insult | plain | 草泥马 | sound
insult | plain | 狗杂种 | sound
insult | plain | 死全家 | sound
insult | review | 你妈死了 | sound
insult | review | 贱货 | sound
insult | plain | 婊子 | sound
gamble | review | 时时彩计划群 | sound
gamble | plain | 外围下注 | sound
gamble | review | 赌场 | sound
gamble | plain | 网上赌场 | sound
gamble | review | 博彩 | sound
religion | review | 法轮 | sound
fraud | review | 出枪
fraud | review | 卖枪
fraud | review | 买枪
fraud | review | 枪支弹药
insult | review | 5b | whole
rule | advert | review | link | link
allow | 法轮常转
allow | 出枪手
allow | 掏出枪
allow | 拔出枪

# --- Trade in what a hall sells itself or forbids.
set | hallgood | 金币 金豆 欢乐豆 豆子 豆 游戏币 元宝 房卡 钻石 银子 游戏豆 游戏分 金豆子 筹码 积分 虚拟币 币 钻 号
set | sell | 卖 售 出售 转让 甩卖 收 回收 收购 批发 求购 代售 抛售 大量收 高价收 长期收 低价出 低价卖 专业收 现货 秒发 兑换现金 兑现 套现 变现 倒卖 囤 出
advert | plain | <sell>金币 | | gold for money
advert | plain | <sell>欢乐豆
advert | plain | <sell>游戏币
advert | plain | <sell>房卡
advert | plain | <sell>元宝
advert | plain | <sell>豆子
advert | plain | <sell>金豆
advert | plain | <sell>筹码
advert | plain | <sell>游戏豆
advert | plain | 收豆出豆 | sound
advert | plain | 出豆收豆 | sound
advert | plain | 收豆
advert | plain | 出豆
advert | plain | 卖豆
advert | plain | 金币出售 | sound
advert | plain | 金币回收 | sound
advert | plain | 金币批发 | sound
advert | plain | 金币交易 | sound
advert | plain | 金币买卖 | sound
advert | plain | 金币商 | sound
advert | plain | 低价金币 | sound
advert | plain | 便宜金币 | sound
advert | plain | 低价元宝 | sound
advert | plain | 低价豆
advert | plain | 便宜豆
advert | plain | 低价房卡 | sound
advert | plain | 便宜房卡 | sound
advert | plain | 房卡代理 | sound
advert | plain | 房卡批发 | sound
advert | plain | 房卡充值 | sound
advert | plain | 房卡出售 | sound
advert | plain | 房卡优惠 | sound
advert | plain | 房卡总代 | sound
advert | plain | 游戏币批发 | sound
advert | plain | 游戏币回收 | sound
advert | plain | 游戏币出售 | sound
advert | plain | 上下分
advert | plain | 上分下分 | sound
advert | plain | 代上分
advert | plain | 代下分
advert | plain | 秒上秒下 | sound
advert | plain | 上分客服
advert | plain | 上分微信 | sound
advert | plain | 上分联系 | sound
advert | plain | 上分加
advert | plain | 上分找
advert | plain | 下分找
advert | plain | 下分秒到 | sound
advert | plain | 银商
advert | plain | 币商
advert | plain | 豆商
advert | plain | 银子商
advert | plain | 正规银商
advert | plain | 诚信银商
advert | plain | 诚招代理 | sound
advert | plain | 诚招房卡 | sound
advert | plain | 招收代理 | sound
advert | plain | 招募代理 | sound
advert | plain | 棋牌代理 | sound
advert | plain | 麻将代理 | sound
advert | plain | 棋牌加盟 | sound
advert | plain | 棋牌招商 | sound
advert | plain | 棋牌招代 | sound
advert | plain | 代理加盟 | sound
advert | plain | 代理招募 | sound
advert | plain | 高返佣 | sound
advert | plain | 专业代练 | sound
advert | plain | 代练上分 | sound
advert | plain | 代练接单 | sound
advert | plain | 承接代练 | sound
advert | plain | 低价代练 | sound
advert | plain | 代练加 | 
advert | plain | 代练找
advert | plain | 代充金币 | sound
advert | plain | 代刷金币 | sound
advert | plain | 代刷胜率 | sound
advert | plain | 卖挂
advert | plain | 外挂出售 | sound
advert | plain | 出售外挂 | sound
advert | plain | 外挂联系 | sound
advert | plain | 外挂加
advert | plain | 辅助出售 | sound
advert | plain | 透视挂 | sound
advert | plain | 透视辅助 | sound
advert | plain | 透视器 | sound
advert | plain | 透视软件 | sound
advert | plain | 麻将挂 | sound
advert | plain | 斗地主挂 | sound
advert | plain | 棋牌挂 | sound
advert | plain | 开挂神器 | sound
advert | plain | 开挂软件 | sound
advert | plain | 作弊器 | sound
advert | plain | 看牌器 | sound
advert | plain | 透视眼镜 | sound
advert | plain | 变牌器 | sound
advert | plain | 必赢神器 | sound
advert | plain | 必赢软件 | sound
advert | plain | 控牌软件 | sound
advert | plain | 好牌辅助 | sound
advert | plain | 千术教学 | sound
advert | plain | 注册送金 | sound
advert | plain | 注册送彩金 | sound
advert | review | 注册送 | sound
advert | review | 加群领福利 | sound
advert | review | 领福利 | sound

# --- Gambling for money.
gamble | plain | 澳门赌场 | sound
gamble | plain | 线上赌场 | sound
gamble | plain | 真人百家乐 | sound
gamble | plain | 六合彩特码 | sound
gamble | plain | 时时彩计划 | sound
gamble | plain | 博彩平台 | sound
gamble | plain | 赌博网站 | sound
gamble | plain | 赌博平台 | sound
gamble | plain | 赌博网 | sound
gamble | plain | 外围投注 | sound
gamble | plain | 外围盘口 | sound
gamble | plain | 赌球开户 | sound
gamble | plain | 赌球网 | sound
gamble | plain | 送彩金 | sound
gamble | plain | 真钱棋牌 | sound
gamble | plain | 真金棋牌 | sound
gamble | plain | 现金棋牌 | sound
gamble | plain | 真人荷官 | sound
gamble | plain | 美女荷官 | sound
gamble | plain | 澳门新葡京 | sound
gamble | plain | 皇冠体育 | sound
gamble | plain | 金沙娱乐城 | sound
gamble | plain | 威尼斯人娱乐 | sound
gamble | plain | 北京赛车 | sound
gamble | plain | 幸运飞艇 | sound
gamble | plain | 重庆时时彩 | sound
gamble | plain | 香港六合彩 | sound
gamble | plain | 加拿大28
gamble | plain | pk10
gamble | plain | 首充送 | sound
gamble | plain | 首存送 | sound
gamble | plain | 充值返利 | sound
gamble | plain | 日日返水 | sound
gamble | plain | 高返水 | sound
gamble | review | 特码
gamble | review | 六合彩
gamble | review | 时时彩
gamble | review | 百家乐 | sound
gamble | review | 网赌
gamble | review | 赌球
gamble | review | 外围盘
gamble | review | 彩金
gamble | review | 返水
gamble | review | 投注站
gamble | review | 下注平台 | sound
gamble | review | 买球
gamble | review | 黑彩
gamble | review | 私彩
gamble | review | 一肖中特 | sound
gamble | review | 平特一肖 | sound
gamble | review | 两肖四码
gamble | review | 三肖六码
gamble | review | 四肖八码
gamble | review | 包赔平台
gamble | review | 上岸平台
gamble | review | 娱乐城

# --- Pornography as an offer.
porn | plain | 成人影片 | sound
porn | plain | 成人直播间 | sound
porn | review | 成人网
porn | review | 同城品茶
porn | review | 品茶喝茶
porn | review | 喝茶品茶
porn | review | 茶叶上门
porn | review | 🍆💦
porn | review | 🍆🍑
porn | review | 💦🍑
porn | review | 线下约见
porn | review | 真实约见
porn | review | 上门选妃
porn | review | 免费约p
porn | review | 寻固炮
porn | review | 找炮友
porn | review | 男炮友
porn | review | 女炮友
porn | review | 免费破处
porn | review | 处男免费
porn | review | 奸女
porn | review | 女奸

# --- Insults by sound or number that no list of names needs.
insult | review | 748
insult | review | 2b青年
insult | review | 2b | whole
insult | review | sb
insult | review | sbdz
insult | review | nmd | whole
insult | review | nmsl | sub
insult | review | 沙bi
insult | review | 傻bi
insult | review | 杀币
insult | review | 煞币
insult | review | 煞b
insult | review | 你马死了
insult | review | 日你仙人板板
insult | review | 扑街
insult | review | 丢你老母
insult | review | 屌你老母
insult | review | 碧池
insult | review | 法克鱿
insult | review | 凸(

# --- Deny: no honest reading on any surface.
porn | plain | 成人直播
porn | plain | 啪友
porn | plain | 潮喷
porn | plain | 蜜穴
porn | plain | 拳交
porn | plain | 东京热
porn | plain | 口活好
porn | plain | 裸体写真
porn | plain | 肛交
porn | plain | 性交
porn | plain | 乳交
porn | plain | 足交
porn | plain | 群交
porn | plain | 兽交
porn | plain | 固炮
porn | plain | 轮奸
porn | plain | 迷奸
porn | plain | 诱奸
porn | plain | 奸淫
porn | plain | 嫖娼 | sound
porn | plain | 嫖妓
porn | plain | 招嫖
porn | plain | 找小姐 | nosound
porn | plain | 包小姐
porn | plain | 叫小姐 | nosound
porn | plain | 成人电影
porn | plain | 成人视频
porn | plain | 成人网站
porn | plain | 黄色网站
porn | plain | av女优
porn | plain | av片
porn | plain | av视频
porn | plain | 无码av
porn | plain | 无码片
porn | plain | a片
porn | plain | 催情药
porn | plain | 内射
porn | plain | 颜射
porn | plain | 口爆 | sound
porn | plain | 爆菊
porn | plain | 潮吹
porn | plain | 吞精
porn | plain | 阳具
porn | plain | 骚比
porn | plain | 骚穴
porn | plain | 嫩穴
porn | plain | 淫穴
porn | plain | 肉穴
porn | plain | 骚妇
porn | plain | 荡妇
porn | plain | 淫妇
porn | plain | 淫娃
porn | plain | 淫女
porn | plain | 淫乱
porn | plain | 淫水
porn | plain | 淫棍
porn | plain | 淫魔
porn | plain | 淫虫
porn | plain | 淫叫
porn | plain | 性奴
porn | plain | 性虐
porn | plain | 肉便器
porn | plain | 肉欲
porn | plain | 菊穴
porn | plain | 小穴
porn | plain | 群p
porn | plain | 性服务
porn | plain | 全套服务
porn | plain | 特殊服务
porn | plain | 莞式
porn | plain | 外围女
porn | plain | 操逼 | sound
porn | plain | 草逼
porn | plain | 艹逼
porn | plain | 操屄
porn | plain | 日屄
porn | plain | 插逼
porn | plain | 舔逼
porn | plain | 舔穴
porn | plain | 舔阴
porn | plain | 淫照
porn | plain | 淫图
porn | plain | 约啪
porn | plain | 同城上门
porn | plain | blowjob | sub
porn | plain | handjob | sub
porn | plain | masturbat | sub
porn | plain | cocksuck | sub
porn | plain | cumshot
porn | plain | creampie
porn | plain | gangbang
porn | plain | deepthroat
porn | plain | bigdick
porn | plain | bigcock
porn | plain | suckmydick
porn | plain | suckmycock
porn | plain | jizz
insult | plain | 你麻痹
insult | plain | 娘希匹
insult | plain | 哈麻批
insult | plain | 鸡掰
insult | plain | 机掰
insult | plain | 死娘炮
insult | plain | 狗杂碎
insult | plain | 滚你娘
insult | plain | 贱男
insult | plain | 贱婢
insult | plain | 贱婊砸
insult | plain | 操你 | sound
insult | plain | 操尼
insult | plain | 操泥马
insult | plain | 操他妈
insult | plain | 操他娘
insult | plain | 操她妈
insult | plain | 操死你
insult | plain | 草你妈 | sound
insult | plain | 草你吗
insult | plain | 草你马
insult | plain | 草你娘
insult | plain | 草拟吗
insult | plain | 草尼玛
insult | plain | 草妮玛
insult | plain | 草他妈
insult | plain | 艹你
insult | plain | 艹尼
insult | plain | 艹泥
insult | plain | 艹他
insult | plain | 肏你
insult | plain | 肏他
insult | plain | 曹你妈
insult | plain | 曹尼玛
insult | plain | 日你娘
insult | plain | 日你吗
insult | plain | 日你大爷
insult | plain | 日你全家
insult | plain | 日你祖宗
insult | plain | 日你先人
insult | plain | 日你仙人
insult | plain | 曰你妈
insult | plain | 曰你娘
insult | plain | 日死你
insult | plain | 干你娘 | sound
insult | plain | 干你妈
insult | plain | 干你全家
insult | plain | 丢雷楼某
insult | plain | 冚家铲
insult | plain | 仆街仔
insult | plain | 你妈比
insult | plain | 你妈b
insult | plain | 尼玛比
insult | plain | 泥马逼
insult | plain | 妈了个巴
insult | plain | 麻辣个逼
insult | plain | 麻辣隔壁
insult | plain | 马勒戈壁
insult | plain | 玛勒戈壁
insult | plain | 妈拉个
insult | plain | 你妈死
insult | plain | 你妈炸
insult | plain | 你吗死
insult | plain | 全家死
insult | plain | 全家暴毙
insult | plain | 死尼玛
insult | plain | 狗娘养
insult | plain | 狗养的
insult | plain | 狗操
insult | plain | 野种
insult | plain | 贱种
insult | plain | 王八羔
insult | plain | 王八犊
insult | plain | 鳖孙
insult | plain | 贱逼
insult | plain | 贱b
insult | plain | 贱婊
insult | plain | 骚婊
insult | plain | 逼崽
insult | plain | 逼养
insult | plain | b养的
insult | plain | 死肥猪
insult | plain | 死基佬
insult | plain | 死八婆
insult | plain | 你老母
insult | plain | 你娘的
insult | plain | 老子操
insult | plain | 老子日
insult | plain | 我是你爹
insult | plain | 我是你爸
insult | plain | 我是你爷
insult | plain | 是你祖宗
insult | plain | 你爹死
insult | plain | 你爸死
insult | plain | 整死你
insult | plain | 弄死你
insult | plain | 打死你
insult | plain | 砍死你
insult | plain | 捅死你
insult | plain | 杀你全家
insult | plain | 灭你全家
insult | plain | 白皮猪
insult | plain | 黄皮狗
insult | plain | 日本猪
insult | plain | 台巴子
insult | plain | 死同性恋
insult | plain | 杀光日本
insult | plain | 杀光中国
insult | plain | 杀光韩国
insult | plain | 杀光美国
insult | plain | 杀光汉人
insult | plain | 杀光黑人
insult | plain | 杀光白人
insult | plain | 杀光犹太
insult | plain | 灭绝犹太
insult | plain | 希特勒万岁
insult | plain | 纳粹万岁
insult | plain | 穆狗
insult | plain | caonima | prefix
insult | plain | caonim | prefix
insult | plain | nmsl | prefix
insult | plain | wanker
insult | plain | wankers
insult | plain | cnm
insult | plain | cnmb
insult | plain | wcnm
insult | plain | qnmd
insult | plain | rnm
insult | plain | rnmb
insult | plain | arsehole
insult | plain | nimabi
insult | plain | cao你
insult | plain | cao ni ma
religion | plain | 法轮功 | sound
religion | plain | 法轮大法
religion | plain | 发轮功
religion | plain | 法论功
religion | plain | 法抡功
religion | plain | 珐轮功
religion | plain | 大法弟子
religion | plain | 李洪志
religion | plain | 全能神教
religion | plain | 呼喊派
religion | plain | 门徒会
religion | plain | 灵灵教
religion | plain | 血水圣灵
religion | plain | 奥姆真理教
religion | plain | 三班仆人
religion | plain | 真善忍好
religion | plain | 天灭中共
religion | plain | 九评共
religion | plain | 退党保
religion | plain | 三退保
religion | plain | falungong
religion | plain | falundafa
religion | plain | falun
religion | plain | 秃驴
religion | plain | 贼秃
religion | plain | 狗和尚
religion | plain | 操菩萨
religion | plain | 操观音
religion | plain | 操上帝
religion | plain | 操耶稣
religion | plain | 操安拉
religion | plain | 操真主
religion | plain | 安拉是猪
religion | plain | 真主是猪
religion | plain | 穆罕默德是
religion | plain | 耶稣是狗
religion | plain | 佛祖是狗
religion | plain | 菩萨是狗
religion | plain | 清真猪
religion | plain | 穆斯林狗
religion | plain | 回教猪
religion | plain | 杀光穆斯林
religion | plain | 杀光回民
religion | plain | 烧教堂
religion | plain | 烧清真寺
religion | plain | 上帝是狗
religion | plain | 上帝去死
religion | plain | 佛祖去死

# --- Innocent text around listed words.
allow | 拳交流
allow | 拳交友
allow | 乱交通
allow | 满足交
allow | 不足交
allow | 充足交
allow | 十足交
allow | 手足交
allow | 姜黄片
allow | 人群交
allow | 社群交
allow | 族群交
allow | 群交流
allow | 群交友
allow | 群交易
allow | 小穴位
allow | 人口爆
allow | 门口爆
allow | 出口爆
allow | 炉口爆
allow | 艳照人
allow | 找小姐姐
allow | 叫小姐姐
allow | 包夜宵
allow | 女性服务
allow | 男性服务
allow | 个性服务
allow | 柔性服务
allow | 异性伴侣
allow | 同性伴侣
allow | 女性生活
allow | 男性生活
allow | 感性生活
allow | 个性生活
allow | 理性生活
allow | 特色情
allow | 角色情
allow | 景色情
allow | 春色情
allow | 月色情
allow | 夜色情
allow | 绿色情
allow | 红色情
allow | 蓝色情
allow | 紫色情
allow | 粉色情
allow | 秋色情
allow | 本色情
allow | 灰色情
allow | 白色情
allow | 黑色情
allow | 金色情
allow | 青色情
allow | 暮色情
allow | 色逼人
allow | 酒精液
allow | 乌龟头
allow | 海龟头
allow | 金龟头
allow | 发骚扰
allow | 角色图
allow | 特色图
allow | 彩色图
allow | 黑色图
allow | 湿身体
allow | 胡乱交
allow | 女主奴
allow | 主奴隶
allow | 我操心
allow | 做爱心
allow | 做爱好
allow | 做爱吃
allow | 做爱笑
allow | 做爱玩
allow | 做爱自己
allow | 做爱情
allow | 做爱国
allow | 做爱哭
allow | 做爱你
allow | 做爱运动
allow | 做爱学习
allow | 做爱美
allow | 路口交
allow | 门口交
allow | 港口交
allow | 出口交
allow | 进口交
allow | 窗口交
allow | 接口交
allow | 关口交
allow | 渡口交
allow | 入口交
allow | 人口交
allow | 山口交
allow | 海口交
allow | 众口交
allow | 口交通
allow | 口交叉
allow | 口交接
allow | 口交流
allow | 口交代
allow | 口交汇
allow | 口交界
allow | 口交给
allow | 口交会
allow | 口交错
allow | 理性交
allow | 感性交
allow | 男性交
allow | 女性交
allow | 异性交
allow | 两性交
allow | 个性交
allow | 性交给
allow | 性交易所
allow | 性交流
allow | 性交往
allow | 性交际
allow | 性交友
allow | 理性爱
allow | 任性爱
allow | 感性爱
allow | 知性爱
allow | 个性爱
allow | 天性爱
allow | 本性爱
allow | 一次性爱
allow | 耐性爱
allow | 悟性爱
allow | 男性爱
allow | 女性爱
allow | 同性爱
allow | 异性爱
allow | 性爱好
allow | 性爱护
allow | 性爱国
allow | 性爱笑
allow | 性爱自由
allow | 性爱玩
allow | 性爱吃
allow | 三黄片
allow | 蛋黄片
allow | 大黄片
allow | 麻黄片
allow | 黄连片
allow | 羽毛片
allow | 鹅毛片
allow | 鸡毛片
allow | 绒毛片
allow | 毛片区
allow | a片区
allow | a片段
allow | 一夜情深
allow | 一夜情歌
allow | 一夜情怀
allow | 一夜情缘
allow | 一夜情仇
allow | 一夜情愁
allow | 一夜情人节
allow | 一夜情书
allow | 强奸猾
allow | 强奸诈
allow | 强奸商
allow | 强奸臣
allow | 强奸民意
allow | 奸淫掳掠
allow | 掳掠奸淫
allow | 奸夫淫妇
allow | 海潮吹
allow | 晚潮吹
allow | 春潮吹
allow | 江潮吹
allow | 寒潮吹
allow | 暗潮吹
allow | 热潮吹
allow | 浪潮吹
allow | 大潮吹
allow | 潮吹向
allow | 潮吹来
allow | 潮吹过
allow | 射精准
allow | 射精灵
allow | 射精确
allow | 射精英
allow | 射精彩
allow | 射精神
allow | 独自慰
allow | 各自慰
allow | 亲自慰
allow | 以自慰
allow | 堪自慰
allow | 自慰问
allow | 自慰藉
allow | 自慰劳
allow | 自慰安
allow | 自慰灵
allow | 预约炮
allow | 约炮兵
allow | 约炮塔
allow | 约炮台
allow | 约炮手
allow | 鸡巴巴
allow | 鸡巴结
allow | 鸡巴士
allow | 鸡吧台
allow | 妓院子弟
allow | 国内射
allow | 室内射
allow | 屋内射
allow | 境内射
allow | 城内射
allow | 年内射
allow | 内射击
allow | 内射箭
allow | 内射门
allow | 内射手
allow | 内射程
allow | 红颜射
allow | 容颜射
allow | 射手
allow | 大乳酪
allow | 牛乳头
allow | 巨乳酪
allow | 阴道理
allow | 光阴道
allow | 树阴道
allow | 阴道长
allow | 阴道士
allow | 阴道人
allow | 阴茎草
allow | 阴部队
allow | 阴户外
allow | 江阴户
allow | 山阴户
allow | 江阴部
allow | 山阴部
allow | 处女座
allow | 处女作
allow | 处女航
allow | 处女地
allow | 处女秀
allow | 处女星
allow | 处女峰
allow | 如处女
allow | 大胸怀
allow | 大胸襟
allow | 宽大胸
allow | 大胸肌
allow | 牛奶子
allow | 酸奶子
allow | 豆奶子
allow | 鲜奶子
allow | 羊奶子
allow | 打飞机游戏
allow | 开房间
allow | 开房门
allow | 开房车
allow | 开房卡
allow | 麻开房
allow | 色狼狗
allow | 角色狼
allow | 金色狼
allow | 银色狼
allow | 黑色狼
allow | 白色狼
allow | 灰色狼
allow | 红色狼
allow | 蓝色狼
allow | 血色狼
allow | 月色狼
allow | 夜色狼
allow | 紫色狼
allow | 偷情报
allow | 性福利
allow | 个性福
allow | 天性福
allow | 脱衣帽
allow | 不可约
allow | 肉体面
allow | 日p图
allow | 龙楼凤
allow | 玉楼凤
allow | 凤楼凤
allow | 琼楼凤
allow | 重楼凤
allow | 狗狗币
allow | 贱狗头军师
allow | 妈妈逼
allow | 去他妈家
allow | 去他妈妈
allow | 去你妈家
allow | 去你妈妈
allow | 我操劳
allow | 我操作
allow | 我操控
allow | 我操碎
allow | 我操场
allow | 我操练
allow | 我草原
allow | 我草药
allow | 我草莓
allow | 我草地
allow | 我草木
allow | 死妈咪
allow | 狗操场
allow | 沙比利
allow | 野种子
allow | 杂种子
allow | 田野种
allow | 荒野种
allow | 山野种
allow | 印度支那
allow | 交趾支那
allow | 野鸡脖
allow | 山野鸡
allow | 体操我
allow | 曹操我
allow | 贱狗头
allow | 原野鸡
allow | 田野鸡
allow | 妈妈的
allow | 爸妈的
allow | 大妈的
allow | 姑妈的
allow | 姨妈的
allow | 干妈的
allow | 后妈的
allow | 妈妈的爱
allow | 你妈妈的
allow | 我妈的
allow | 老妈的
allow | 宝妈的
allow | 辣妈的
allow | 曹操你
allow | 体操你
allow | 情操你
allow | 节操你
allow | 早操你
allow | 做操你
allow | 贞操你
allow | 操你的心
allow | 操你心
allow | 曹操尼
allow | 生日你
allow | 节日你
allow | 今日你
allow | 明日你
allow | 昨日你
allow | 往日你
allow | 每日你
allow | 装备
allow | b站
allow | 去死胡
allow | 去死海
allow | 去死角
allow | 去死亡
allow | 去死记
allow | 出去死
allow | 上去死
allow | 回去死
allow | 过去死
allow | 去死神
allow | 去死党
allow | 死妈妈
allow | 狗日子
allow | 狗日记
allow | 狗日常
allow | 狗日历
allow | 死逼真
allow | 逼近
allow | 二逼近
allow | 脑残影
allow | 脑残余
allow | 脑残片
allow | 智障碍
allow | 白痴情
allow | 白痴迷
allow | 白痴心
allow | 白痴恋
allow | 杂种植
allow | 复杂种
allow | 混杂种
allow | 弱智慧
allow | 沙比尔
allow | 沙比尼
allow | 沙比亚
allow | 萨沙比
allow | 打死你的心
allow | 尼玛县
allow | 尼玛次仁
allow | 尼玛扎西
allow | 尼玛多吉
allow | 尼玛卓玛
allow | 尼玛的太阳
allow | 废物利用
allow | 垃圾回收
allow | 垃圾分类
allow | 垃圾桶
allow | 垃圾车
allow | 垃圾佬
allow | 垃圾话
allow | 狗屎运
allow | 走狗屎
allow | 汉奸剧
allow | 人妖殊途
allow | 人妖恋
allow | 人妖之
allow | 贱人就是矫情
allow | 老奸夫子
allow | 王八蛋糕
allow | 不下贱
allow | 狗屁不通
allow | 你爸爸去
allow | 绿教室
allow | 绿教学
allow | 绿教练
allow | 消灭佛
allow | 真善忍者
allow | 魔法轮
allow | 方法轮
allow | 办法轮
allow | 手法轮
allow | 法轮胎
allow | 昨日佛
allow | 今日佛
allow | 明日佛
allow | 生日佛
allow | 每日佛
allow | 节日佛
allow | 旧日佛
allow | 日佛光
allow | 日佛系
allow | 日佛心
allow | 日佛跳
allow | 毁佛像
allow | 曹操上
allow | 体操上
allow | 香港独
allow | 海港独
allow | 渔港独
allow | 港独家
allow | 港独自
allow | 新疆独家
allow | 疆独家
allow | 疆独特
allow | 边疆独
allow | 国土共
allow | 领土共
allow | 土共生
allow | 学习主席
allow | 学习大
allow | 练习大
allow | 江泽民谣
allow | 毛泽东选集
allow | 学习近平
allow | 练习近平
allow | 复习近平
allow | 温习近平
allow | 习近平凡
allow | 习近平均
allow | 习近平常
allow | 毛主席诗词
allow | 擂台独
allow | 舞台独
allow | 阳台独
allow | 平台独
allow | 柜台独
allow | 灯台独
allow | 高台独
allow | 楼台独
allow | 站台独
allow | 电台独
allow | 瑶台独
allow | 云台独
allow | 亭台独
allow | 凤台独
allow | 台独占
allow | 台独家
allow | 台独立思
allow | 台独特
allow | 台独秀
allow | 台独自
allow | 台独舞
allow | 台独白
allow | 收藏独
allow | 珍藏独
allow | 隐藏独
allow | 暗藏独
allow | 深藏独
allow | 私藏独
allow | 藏独自
allow | 藏独木
allow | 藏独家
allow | 藏独特
allow | 共匪夷
allow | 反共享
allow | 反共鸣
allow | 反共振
allow | 反共同
allow | 反共生
allow | 反党参
allow | 退党参
allow | 集中共
allow | 空中共
allow | 途中共
allow | 其中共
allow | 当中共
allow | 之中共
allow | 心中共
allow | 梦中共
allow | 风中共
allow | 雨中共
allow | 手中共
allow | 宫中共
allow | 城中共
allow | 山中共
allow | 水中共
allow | 中共同
allow | 中共享
allow | 中共鸣
allow | 中共有
allow | 中共振
allow | 中共度
allow | 中共勉
allow | 中共舞
allow | 中共存
allow | 中共进
allow | 国民党参
allow | 二十六四
allow | 十六四舍
allow | 达赖以
allow | 发达赖
allow | 天文革
allow | 人文革
allow | 语文革
allow | 中文革
allow | 无毒品
allow | 毒品质
allow | 毒品牌
allow | 毒品味
allow | 大麻将
allow | 大麻子
allow | 大麻雀
allow | 大麻花
allow | 大麻烦
allow | 大麻辣
allow | 大麻鸭
allow | 大麻袋
allow | 吸毒气
allow | 冰毒蛇
allow | 冰毒龙
allow | 冰毒蝎
allow | 寒冰毒
allow | 冰毒液
allow | 不是客服
allow | 客服怎么
allow | 非官方
allow | 官方块
allow | 法院子
allow | 民警惕
allow | 交警惕
allow | 公安静
allow | 公安全
allow | 公安心
allow | 老公安
allow | 外公安
allow | 相公安
allow | 主公安
allow | 公公安
allow | 愚公安
allow | 叔公安
allow | 周公安
allow | 央行走
allow | 中央行
allow | 出号称
allow | 推出号
allow | 出号码
allow | 洗钱包
allow | 假证据
allow | 代办证件
allow | 土豆商
allow | 绿豆商
allow | 红豆商
allow | 黄豆商
allow | 豆商店
allow | 豆商城
allow | 币商店
allow | 币商城
allow | 银商店
allow | 上分加油
allow | 进裙子
allow | 加裙子
allow | 加微笑
allow | 加微风
allow | 加微微
allow | 加微妙
allow | 加微小
allow | 加微光
allow | 加微波
allow | 加微凉
allow | 加微甜
allow | 更加微
allow | 增加微
allow | 加薇薇
allow | 加薇安
allow | 加徽章
allow | 加徽州
allow | 蔷薇信
allow | 采薇信
allow | 白薇信
allow | 加q币
allow | 参加q
allow | 微信登录
allow | 开发票务
allow | 开发票房
allow | 发票友
allow | 发票圈
allow | 六合彩霞
allow | 六合彩虹
allow | 六合彩云
allow | 时时彩虹
allow | 时时彩霞
allow | 时时彩云
allow | 时时彩蝶
allow | 拍卖号
allow | 售号角
allow | 卖号角
allow | 吹号
allow | 买号角
allow | 收号角
allow | 出号角
allow | 出号令
allow | 收号令
allow | 出号召
allow | 发出号
allow | 突出号
allow | 收豆豆
allow | 收豆腐
allow | 买豆腐
allow | 卖豆腐
allow | 出豆豆
allow | 出豆腐
allow | 卖豆浆
allow | 买豆浆
allow | 卖豆芽
allow | 卖豆豆
allow | 卖豆沙
allow | 出豆芽
allow | 收豆芽
allow | 买豆豆
allow | 收豆角
allow | 卖豆花
allow | 买豆子
allow | 卖豆汁
allow | 时代打
allow | 年代打
allow | 世代打
allow | 现代打
allow | 古代打
allow | 代打击
allow | 兼职业
allow | 打开户
allow | 开户外
allow | 棋盘口
allow | 盘口袋
allow | 推广场
allow | 私信任
allow | 无私信
allow | 自私信
allow | 代理想
allow | 代理性
allow | 代理智
allow | 代理解
allow | 批发型
allow | 现代刷
allow | 金币商店
allow | 金币商城

# --- Innocent words that claim their characters: what is cut out of two of them is no word.
word | 路口 门口 窗口 出口 入口 进口 港口 接口 开口 人口 胃口 虎口 渡口 关口 海口 山口 风口 井口 洞口 缺口 借口 户口 牲口 巷口 村口 路口 楼口 十字路口
word | 交通 交易 交流 交给 交代 交战 交警 交接 交换 交叉 交往 交际 交友 交互 交付 交替 交汇 交界 交谈 交错 交手 交涉 交卷 交班 交款 交费 交税 交响 交情 交锋 交出 交待 交货 交差 交底
word | 感性 理性 任性 耐性 知性 个性 天性 本性 习性 记性 男性 女性 异性 同性 中性 一次性 可能性 重要性 性质 性格 性能 性情 性子 性急 性命 性别 记忆性 弹性 惯性 磁性 活性 酸性 碱性 药性 血性 野性 人性 德性 属性 特性 共性 悟性 灵性 韧性 惰性
word | 爱护 爱好 爱国 爱情 爱心 爱人 爱笑 爱吃 爱玩 爱你 爱我 爱家 爱惜 爱慕 爱戴 爱称 爱乐 爱车 爱美 爱恋 爱奇艺 爱自由 爱运动 爱学习
word | 方法 办法 手法 做法 看法 想法 说法 宪法 法轮胎 轮胎 轮换 轮流 轮船 轮到 轮廓 轮椅 轮班 轮盘 轮回
word | 开发 发票务 票务 票房 发票据 预约 约定 约会 预约炮 炮兵 炮台 炮塔 炮手 炮弹 炮火 炮灰 炮仗 大炮 火炮 礼炮
word | 精准 精确 精灵 精神 精彩 精通 精明 精力 精美 精华 精英 精选 精品 精细 精致 精心 精简 精子轩 射手 射击 射箭 射线 射程 注射 发射 反射 折射 辐射 照射 投射 喷射
word | 各自 独自 亲自 来自 慰问 慰藉 慰劳 安慰 自由 自己 自然 自信 自在 自从 自我 自立 自强 自律 自学 自助 自动 自主
word | 奸猾 奸诈 奸商 奸臣 奸细 奸雄 强壮 强大 强者 强烈 强化 强调 坚强 富强 顽强 加强 增强 勉强 豪强 列强 刚强
word | 巴掌 巴结 巴士 巴西 巴黎 尾巴 嘴巴 下巴 泥巴 结巴 哑巴 酒吧 网吧 贴吧 吧台
word | 大法师 法师 法官 法院 法律 法国 法人 法庭 法规 法则 法宝 法术 魔法 书法 语法 算法 用法 合法 违法 犯法 司法
word | 独立思 独立日 独家 独自 独占 独特 独秀 独舞 独木 独白 孤独 单独 唯独 擂台 舞台 阳台 平台 站台 柜台 电台 灯台 后台 前台 讲台 收藏 珍藏 隐藏 躲藏 埋藏 冷藏 西藏 新疆
word | 学习 练习 复习 温习 预习 自习 实习 补习 习惯 习题 习俗 习作 近平均 平均 平凡 平安 平常 平静 平等 平衡 平时 平地 平台 平面 平和 平稳
word | 泽民谣 民谣 民歌 民间 民族 民国 民生 民众 民意 毛巾 毛衣 毛线 毛病 毛利 毛笔
word | 彩霞 彩虹 彩色 彩带 彩排 彩云 彩笔 精彩 色彩 光彩 云彩 喝彩 时时 六合院 彩铃
word | 赌神 赌气 赌注 打赌 博士 博客 博物 博览 博学 博大 博弈 博得 博爱 微博 渊博 广博 赌博士
word | 死胡同 胡同 死党 死角 死亡 死神 死记 去死胡 死活 死机 死心 死寂 死板 死敌 死守 死路 生死 笑死 饿死 累死 困死 气死 急死 热死 冷死 吓死 冻死 渴死 美死 烦死 爱死 想死 该死
word | 曹操 体操 早操 操场 操心 操作 操控 操练 操劳 操持 操纵 情操 节操 贞操 操守 操办 操盘 操碎 做操 出操 广播操
word | 草原 草药 草莓 草地 草木 草坪 草稿 草案 草帽 草根 草鱼 小草 花草 野草 青草 香草 草草
word | 今日 明日 昨日 每日 生日 节日 假日 往日 日子 日期 日常 日记 日历 日光 日本 日出 日落 日照 日志 日报 日后 日前 近日 周日 终日 整日 平日 旭日 烈日 落日 夏日 冬日 春日 秋日
word | 干净 干脆 干嘛 干什么 干活 干杯 干部 干扰 干燥 干洗 干货 干劲 干涉 干预 能干 实干 若干 饼干 干妈 干爹 干粮
word | 毒品质 毒品牌 毒品味 品质 品牌 品味 品种 品德 品尝 品格 品位 品茶
word | 毒气 毒蛇 毒药 消毒 病毒 中毒 有毒 无毒
word | 麻将 麻雀 麻花 麻烦 麻辣 麻袋 麻子 麻醉 麻木 麻婆 大麻将 芝麻 肉麻
word | 枪手 枪王 火枪 手枪王 水枪 手枪
word | 逼近 逼真 逼人 逼迫 逼问 逼宫 逼出 逼死 逼供 逼平 逼和 形势逼人 咄咄逼人 威逼 强逼
word | 垃圾桶 垃圾车 垃圾分类 垃圾回收 垃圾袋 垃圾箱 垃圾堆 垃圾食品 垃圾邮件 垃圾短信 废物利用
word | 共鸣 共享 共同 共和 共振 共生 共存 共有 共处 共赢 共舞 共度 共勉 反感 反正 反复 反应 反馈 反对 反面 反省 反思 反弹 反派 党参 公共 集中 其中 当中 空中 手中 心中 梦中 途中 水中 山中 城中 家中 宫中
word | 小姐姐 小姐妹 大小姐 空姐 老板 老师
word | 安心 安全 安静 安排 安装 安慰 安拉面 拉面 平安 公安 治安 保安 晚安 早安 西安 安康 安好
word | 系统 系列 联系 关系 传统 总统 血统 操作系统 生态系统
word | 微笑 微风 微妙 微弱 微小 微微 微光 微凉 微博 稍微 轻微 卑微 细微 威力 威风 威武 威严 蔷薇 薇薇 采薇 紫薇 信心 信号 信箱 信仰 信任 信念 信息 信用 信封 相信 自信 短信 书信 诚信 迷信
word | 加油 加班 加上 加入 加强 加速 加倍 加分 加减 加班费 加微笑 加威力 加拿大 加工 加盟 加热 参加 增加 更加 附加 添加
word | 扣子 纽扣 扣人心弦 扣分 扣钱 扣除 折扣 扣款 回扣 扣篮 扣押
word | 豆腐 豆浆 豆豆 豆芽 豆角 豆沙 豆瓣 豆包 豆奶 土豆 红豆 绿豆 黄豆 咖啡豆 巧克力豆 大豆 毛豆 蚕豆 豆子汤 豆汁 豆类
word | 号称 号召 号角 号码 外号 口号 信号 符号 称号 编号 型号 账号 帐号 句号 问号 感叹号 引号 小号 大号 拍卖 卖萌 卖力 卖弄 卖座 卖相 出卖 买卖 变卖 专卖
word | 代表 代替 代价 代码 代沟 时代 年代 现代 古代 近代 当代 后代 取代 交代 世代 历代 代开发 代办 代理人
word | 裸跑 裸眼 裸露 裸考 赤裸
word | 脑残粉 脑残影 残影 残酷 残忍 残疾 残局 残暴 残余 残缺 智障者 障碍 障眼 智慧 智力 智能 智商
word | 乳酪 牛乳 乳制品 母乳 豆乳 乳胶 乳液
word | 阴道理 道理 道路 道歉 道具 道德 知道 味道 街道 频道 轨道 林荫道 江阴 山阴 光阴 树阴 阴谋 阴天 阴影 阴阳
word | 博采 采集 采购 采访 采取 采用 众家 群议
word | 贵出 入贵 入口 入门 入手 出入 进入 加入 收入 投入 深入 融入 入睡 入学
word | 看淫 春风 春天 春节 青春 立春
word | 中国 中央 中间 中心 中午 中文 中等 中奖 中年 国家 国内 国际 国外 国产 国王 国庆 外国 祖国 各国 全国 法国 德国 美国 英国 韩国 泰国
word | 官方网 军官 法官 警官 器官 感官 五官 客官 考官 教官 客服务 服务 服装 服气 服从 衣服 舒服 克服 佩服 征服 说服
word | 群众 群山 人群 社群 族群 羊群 超群 群英 群岛 群体 群雄 群发 裙子 裙带 裙摆 短裙 长裙 连衣裙
word | 平分 得分 满分 百分 充分 十分 部分 过分 缘分 成分 处分 学分 分钟 分手 分开 分享 分别 分析 分数 分子 分成 分类 分配 分明 上分享 晚上 早上 马上 网上 路上 身上 地上 天上 世上 以上 加上 上班 上课 上学 上网 上海 上次 上来 上去 上面 上午 下午 下班 下课 下次 下来 下去 下面 下雨 下载 下棋 一下 以下 地下 天下 楼下 手下 留下
word | 换妻子 妻子 夫妻 未婚妻
word | 你妈妈 妈妈 姑妈 姨妈 大妈 后妈 老妈 我妈
word | 全家福 全家人 全家桶
