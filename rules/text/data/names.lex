[entries]
# Words that chat forgives at a review, but that no name may be.
porn | plain | 自慰
porn | plain | 手淫
porn | plain | 黄片
porn | plain | 黄色小说
porn | plain | 黄色视频
porn | plain | 鸡巴
porn | plain | 鸡吧
porn | plain | 鸡8
porn | plain | 骚逼 | sound
porn | plain | 骚b
porn | plain | 骚货
porn | plain | 淫荡
porn | plain | 淫贱
porn | plain | porn | sub
porn | plain | hentai | sub
insult | plain | 憨批
insult | plain | 憨逼
insult | plain | 妈卖批
insult | plain | 哈批
insult | plain | 傻比 | sound
insult | plain | 傻b
insult | plain | 傻屄
insult | plain | 傻屌 | sound
insult | plain | 傻吊
insult | plain | 煞笔
insult | plain | 煞逼
insult | plain | 沙逼
insult | plain | 傻币
insult | plain | 操nm
insult | plain | 屌你
insult | plain | 尼玛逼
insult | plain | 妈b
insult | plain | 滚你妈
insult | plain | 狗日的
insult | plain | 狗逼
insult | plain | 狗b
insult | plain | 龟孙子
insult | plain | 龟儿子
insult | plain | 臭婊
insult | plain | 臭逼
insult | plain | 臭b
insult | plain | 烂逼
insult | plain | 烂b
insult | plain | 逼样
insult | plain | 蠢逼
insult | plain | 你奶奶的
insult | plain | 你姥姥的
insult | plain | 滚犊子
insult | plain | 黑鬼
insult | plain | fuck | sub
insult | plain | nigger | sub
insult | plain | faggot | sub
insult | plain | bitch | prefix
insult | plain | asshole | prefix
insult | plain | cunt | prefix
insult | plain | dickhead | prefix
insult | plain | shithead | prefix
insult | plain | dumbass | prefix
insult | plain | jackass | prefix
insult | plain | fcuk | prefix
insult | plain | phuck | prefix
insult | plain | mlgb | prefix
insult | plain | fuk
insult | plain | nigga
insult | plain | niggas
insult | plain | fku

# The list for nicknames of a card hall. Own work, written from knowledge of the language; the format is described in
# rules/text/lexicon.h. Every change must keep the examples at the end true.
#
# What belongs here: words that break the name rule of a card hall, as people write them. What does not:
# - words of the table and of daily life: at a card table people kill, bomb, poison, gamble, are kings and masters;
# - single characters, and words that ordinary names, places or idioms contain;
# - spellings that the readings already undo (width, case, traditional, look-alikes, separators, repeats).
# plain: nobody means it innocently, a machine may act. review: a GM looks at it. note: worth knowing, nothing more.
# allow: innocent text around a listed word; it covers the word where both stand.

# porn: acts, parts, trade, media
porn | plain | 陪睡
porn | plain | 黄播
porn | plain | 草榴
porn | plain | 做爱
porn | plain | 性爱
porn | plain | 一夜情
porn | plain | 裸照
porn | plain | 强奸
porn | plain | 乱伦
porn | plain | 色情
porn | plain | 毛片
porn | plain | 三级片
porn | plain | 成人小说
porn | plain | 成人用品
porn | plain | 春药
porn | plain | 精液
porn | plain | 射精
porn | plain | 龟头
porn | plain | 大屌
porn | plain | 巨乳
porn | plain | 爆乳
porn | plain | 豪乳
porn | plain | 美乳
porn | plain | 乳房
porn | plain | 乳头
porn | plain | 奶头
porn | plain | 揉胸
porn | plain | 摸胸
porn | plain | 屁眼
porn | plain | 阴茎
porn | plain | 阴道
porn | plain | 阴户
porn | plain | 阴唇
porn | plain | 阴蒂
porn | plain | 阴毛
porn | plain | 全裸
porn | plain | 换妻
porn | plain | 性伴侣
porn | plain | 站街女
porn | plain | 妓女
porn | plain | 妓院
porn | plain | 色逼
porn | plain | 撸管
porn | plain | 飞机杯
porn | plain | 艳照
porn | plain | 裸模
porn | plain | 约p
porn | plain | 曰p
porn | plain | penis
porn | plain | vagina
porn | plain | dildo
porn | plain | milf
porn | review | 色图
porn | review | 乱交
porn | review | 脱光
porn | review | 充气娃娃
porn | review | 福利姬
porn | review | 陪聊
porn | review | 湿身
porn | review | 玉茎
porn | review | 蜜桃臀
porn | review | 操我
porn | review | 舔我
porn | review | 主奴
porn | review | 老汉推车
porn | review | 观音坐莲
porn | review | 波多野结衣
porn | review | 苍井空
porn | review | 武藤兰
porn | review | 吉泽明步
porn | review | 小泽玛利亚
porn | review | 三上悠亚
porn | review | 一本道
porn | review | 包夜
porn | review | 肉棒
porn | review | 上门服务
porn | review | 床戏
porn | review | 艳情
porn | review | 艳妇
porn | review | 艳舞
porn | review | 红灯区
porn | review | 春宫
porn | review | 偷情
porn | review | 包养
porn | review | 人妻
porn | review | 少妇
porn | review | 熟女
porn | review | 骚狐狸
porn | review | 骚婆
porn | review | 骚娘
porn | review | 骚男
porn | review | 骚女
porn | review | 发骚
porn | review | 卖骚
porn | review | 色狼
porn | review | 色魔头
porn | review | 老色鬼
porn | review | 老色批
porn | review | 采花大盗
porn | review | 淫贼
porn | review | 淫民
porn | review | 淫僧
porn | review | 好淫
porn | review | 破处
porn | review | 处女
porn | review | 初夜
porn | review | 性欲
porn | review | 性福
porn | review | 性生活
porn | review | 性冷淡
porn | review | 性高潮
porn | review | 裸体
porn | review | 裸睡
porn | review | 裸跳
porn | review | 裸女
porn | review | 裸浴
porn | review | 半裸
porn | review | 脱衣
porn | review | 脱裤
porn | review | 内裤
porn | review | 胸罩
porn | review | 奶罩
porn | review | 丁字裤
porn | review | 胸部
porn | review | 大胸
porn | review | 巨胸
porn | review | 露胸
porn | review | 酥胸
porn | review | 大奶
porn | review | 奶子
porn | review | 大咪咪
porn | review | 翘臀
porn | review | 肥臀
porn | review | 打飞机
porn | review | 打手枪
porn | review | 啪啪啪
porn | review | 调教
porn | review | 母狗
porn | review | 下体
porn | review | 早泄
porn | review | 阳痿
porn | review | 勃起
porn | review | 壮阳
porn | review | 避孕套
porn | review | 杜蕾斯
porn | review | 大鸡鸡
porn | review | 小鸡鸡
porn | review | 叫床
porn | review | 滚床单
porn | review | 开房
porn | review | 嫩模
porn | review | 鸭王
porn | review | 露点
porn | review | 偷拍
porn | review | 偷窥
porn | review | 嫖客
porn | review | 炮友
porn | review | 可约
porn | review | 选妃
porn | review | 楼凤
porn | review | 学生妹
porn | review | 肉体
porn | review | 阴部
porn | review | playboy
porn | review | sex
porn | review | sexual
porn | review | nude
porn | review | naked
porn | review | pussy
porn | review | tits
porn | review | boobs
porn | review | boob
porn | review | cum
porn | review | anal
porn | review | dick
porn | review | cock
porn | review | rape
porn | review | raper
porn | review | rapist
porn | review | orgasm
porn | review | erotic
porn | review | whore
porn | review | slut
porn | review | slutty
porn | review | horny
porn | review | bdsm
porn | review | sm
porn | review | av
porn | review | gigolo
porn | review | escort
porn | review | hooker
porn | review | stripper
porn | review | condom

# insult, hate included
insult | plain | 傻x
insult | plain | 沙比
insult | plain | 妈逼
insult | plain | 死妈
insult | plain | 没妈的
insult | plain | 你妈的
insult | plain | 尼玛的
insult | plain | 他妈的
insult | plain | 她妈的
insult | plain | 去你妈
insult | plain | 去他妈
insult | plain | 杂种
insult | plain | 王八蛋
insult | plain | 贱人
insult | plain | 绿茶婊
insult | plain | 心机婊
insult | plain | 烂货
insult | plain | 死逼
insult | plain | 二逼
insult | plain | 装逼犯
insult | plain | 屌毛
insult | plain | 吊毛
insult | plain | 禽兽不如
insult | plain | 猪狗不如
insult | plain | 狗都不如
insult | plain | 死变态
insult | plain | 死人妖
insult | plain | 死三八
insult | plain | 臭三八
insult | plain | 吃屎
insult | plain | 吃大便
insult | plain | 食屎
insult | plain | 去死吧
insult | plain | 快去死
insult | plain | 不得好死
insult | plain | 断子绝孙
insult | plain | 支那
insult | plain | 东亚病夫
insult | plain | 黄皮猪
insult | plain | 印度阿三
insult | plain | 高丽棒子
insult | plain | 韩国棒子
insult | plain | 小日本
insult | plain | 日本鬼子
insult | plain | bullshit | prefix
insult | plain | retard | prefix
insult | plain | twat
insult | plain | shit
insult | plain | shits
insult | plain | shitty
insult | plain | kys
insult | plain | nmb
insult | plain | gtfo
insult | review | 狗币
insult | review | 傻狗
insult | review | 贱狗
insult | review | 瓜娃子
insult | note | 下三滥
insult | review | 臭不要脸
insult | review | 野鸡
insult | review | 短命鬼
insult | review | 扫把星
insult | review | 丧门星
insult | review | 贱皮
insult | review | 操蛋
insult | review | 日了狗
insult | review | 法克
insult | review | 婊砸
insult | review | 倭寇
insult | review | 牛逼
insult | review | 牛b
insult | review | 装逼
insult | review | 装b
insult | review | 苦逼
insult | review | 逗逼
insult | review | 撕逼
insult | review | 逼逼
insult | review | 傻叉
insult | review | 傻缺
insult | review | 傻子
insult | review | 傻蛋
insult | review | 傻冒
insult | review | 傻帽
insult | review | 二货
insult | review | 二百五
insult | review | 蠢货
insult | review | 蠢猪
insult | review | 蠢驴
insult | review | 蠢蛋
insult | review | 白痴
insult | review | 弱智
insult | review | 脑瘫
insult | review | 脑残
insult | review | 智障
insult | review | 低能儿
insult | review | 人渣
insult | review | 畜生
insult | review | 畜牲
insult | review | 神经病
insult | review | 有病吧
insult | review | 娘炮
insult | review | 死胖子
insult | review | 猪头三
insult | review | 混蛋
insult | review | 浑蛋
insult | review | 王八
insult | review | 垃圾
insult | review | 废物
insult | review | 废柴
insult | review | 窝囊废
insult | review | 老不死
insult | review | 狗屁
insult | review | 狗屎
insult | review | 狗东西
insult | review | 狗腿子
insult | review | 狗官
insult | review | 狗贼
insult | review | 狗男女
insult | review | 兔崽子
insult | review | 破鞋
insult | review | 大便
insult | review | 鸟人
insult | review | 汉奸
insult | review | 卖国贼
insult | review | 奸夫
insult | review | 你大爷
insult | review | 你爹
insult | review | 你爸
insult | review | 你爷爷
insult | review | 你祖宗
insult | review | 叫爸爸
insult | review | 叫爹
insult | review | 是你爷
insult | review | 我日你
insult | review | 我操
insult | review | 卧槽
insult | review | 我艹
insult | review | 我草
insult | review | 握草
insult | review | 妈的
insult | review | 妈蛋
insult | review | 痴线
insult | review | 去死
insult | review | 死鬼
insult | review | 屎壳郎
insult | review | 菜逼
insult | review | 坑逼
insult | review | 老贼
insult | review | 死狗
insult | review | 疯狗
insult | review | 癞皮狗
insult | review | 狗奴才
insult | review | 下贱
insult | review | 犯贱
insult | review | 日本狗
insult | review | 八婆
insult | review | 人妖
insult | review | 2b
insult | review | 13b
insult | review | tmd
insult | review | mmp
insult | review | stfu
insult | review | sucker
insult | review | idiot
insult | review | moron
insult | review | jerk
insult | review | hitler
insult | review | nazi
insult | review | kkk
insult | review | isis
insult | review | retarded
insult | review | shithole
insult | review | ass
insult | review | arse
insult | review | butthole
insult | review | fag
insult | review | gaylord
porn | review | 3p | tail
insult | review | 孙子 | whole
insult | review | 儿子 | whole
insult | review | 爸爸 | whole
insult | review | 爷爷 | whole
insult | review | 祖宗 | whole

# religion: cults and insults; plain words are notes
religion | plain | 死和尚
religion | plain | 臭和尚
religion | plain | 臭尼姑
religion | plain | 死尼姑
religion | plain | 操佛
religion | plain | 日佛
religion | review | 绿教
religion | review | 东方闪电
religion | review | 大法好
religion | review | 灭佛
religion | review | 毁佛
religion | review | 上帝已死
religion | review | 上帝死了
religion | review | 邪教
religion | review | 真主至大
religion | review | 安拉至大
religion | review | 穆罕默德
religion | review | 圣战分子
religion | review | 圣战组织
religion | review | 伊斯兰国
religion | review | 淫菩萨
religion | review | 肉菩萨
religion | review | 肉欲菩萨
religion | review | 色和尚
religion | review | 花和尚
religion | review | 妖僧
religion | review | 活佛转世
religion | review | 阿訇
religion | review | 撒旦
religion | review | jihad
religion | review | allahuakbar
religion | review | satan
religion | note | 佛祖
religion | note | 佛心
religion | note | 佛陀
religion | note | 佛爷
religion | note | 如来
religion | note | 菩萨
religion | note | 观音
religion | note | 观世音
religion | note | 弥勒
religion | note | 罗汉
religion | note | 和尚
religion | note | 尼姑
religion | note | 道士
religion | note | 道长
religion | note | 方丈
religion | note | 住持
religion | note | 高僧
religion | note | 活佛
religion | note | 喇嘛
religion | note | 阿弥陀佛
religion | note | 南无
religion | note | 上帝
religion | note | 耶稣
religion | note | 基督
religion | note | 天主教
religion | note | 圣母
religion | note | 圣经
religion | note | 教皇
religion | note | 教堂
religion | note | 神父
religion | note | 牧师
religion | note | 修女
religion | note | 耶和华
religion | note | 以马内利
religion | note | 哈利路亚
religion | note | 阿门
religion | note | 真主
religion | note | 安拉
religion | note | 伊斯兰
religion | note | 穆斯林
religion | note | 清真
religion | note | 古兰经
religion | note | 可兰经
religion | note | 道教
religion | note | 佛教
religion | note | 太上老君
religion | note | 玉皇大帝
religion | note | 王母娘娘
religion | note | 印度教
religion | note | 湿婆
religion | note | 梵天
religion | note | 犹太教
religion | note | 萨满
religion | note | jesus
religion | note | christ
religion | note | buddha
religion | note | allah
religion | note | muslim
religion | note | islam
religion | note | bible

# politics: leaders, slogans, separatism, events
# Names that ordinary people bear and words of daily life are left out, or count only as the whole name.
politics | plain | 东突厥
politics | plain | 东突分子
politics | plain | 习近平
politics | plain | 习大大
politics | plain | 习包子
politics | plain | 习维尼
politics | plain | 习主席
politics | plain | 刁近平
politics | plain | 习进平
politics | plain | 刁大大
politics | plain | 习泽东
politics | plain | 彭丽媛
politics | plain | 习明泽
politics | plain | 庆丰包子
politics | plain | 庆丰帝
politics | plain | 胡锦涛
politics | plain | 胡紧套
politics | plain | 胡主席
politics | plain | 温家宝
politics | plain | 温总理
politics | plain | 温影帝
politics | plain | 江泽民
politics | plain | 江主席
politics | plain | 江贼民
politics | plain | 江蛤蟆
politics | plain | 毛泽东
politics | plain | 毛主席
politics | plain | 毛贼东
politics | plain | 毛太祖
politics | plain | 毛腊肉
politics | plain | 邓小平
politics | plain | 邓矮子
politics | plain | 周恩来
politics | plain | 刘少奇
politics | plain | 朱镕基
politics | plain | 李克强
politics | plain | 王沪宁
politics | plain | 赵乐际
politics | plain | 丁薛祥
politics | plain | 栗战书
politics | plain | 王岐山
politics | plain | 吴邦国
politics | plain | 贾庆林
politics | plain | 曾庆红
politics | plain | 周永康
politics | plain | 薄熙来
politics | plain | 谷开来
politics | plain | 徐才厚
politics | plain | 郭伯雄
politics | plain | 华国锋
politics | plain | 胡耀邦
politics | plain | 赵紫阳
politics | plain | 姚文元
politics | plain | 蒋介石
politics | plain | 蒋经国
politics | plain | 李登辉
politics | plain | 陈水扁
politics | plain | 马英九
politics | plain | 赖清德
politics | plain | 达赖
politics | plain | 热比娅
politics | plain | 艾未未
politics | plain | 魏京生
politics | plain | 吾尔开希
politics | plain | 方励之
politics | plain | 郭文贵
politics | plain | 黎智英
politics | plain | 伊力哈木
politics | plain | 国家主席
politics | plain | 总书记
politics | plain | 中共中央
politics | plain | 中共
politics | plain | 共惨党
politics | plain | 共铲党
politics | plain | 共匪
politics | plain | 共狗
politics | plain | 土共
politics | plain | 反共
politics | plain | 灭共
politics | plain | 打倒共
politics | plain | 推翻共
politics | plain | 打倒中国
politics | plain | 推翻中国
politics | plain | 台独
politics | plain | 藏独
politics | plain | 疆独
politics | plain | 港独
politics | plain | 台湾独立
politics | plain | 西藏独立
politics | plain | 台湾共和国
politics | plain | 光复香港
politics | plain | 六四事件
politics | plain | 六四屠杀
politics | plain | 六四运动
politics | plain | 八九六四
politics | plain | 89六四
politics | plain | 64事件
politics | plain | 天安门事件
politics | plain | 天安门屠杀
politics | plain | 天安门母亲
politics | plain | 零八宪章
politics | plain | 茉莉花革命
politics | plain | 白纸运动
politics | plain | 白纸革命
politics | plain | 一党专政
politics | plain | 占领中环
politics | plain | 天皇万岁
politics | plain | 慰安妇
politics | plain | 东伊运
politics | plain | tiananmen
politics | review | 刘云山
politics | review | 王洪文
politics | review | 张春桥
politics | review | 张德江
politics | review | 张高丽
politics | review | 刘晓波
politics | review | 孙政才
politics | review | 俞正声
politics | review | 黄之锋
politics | review | 四人帮
politics | review | 共产党
politics | review | 共产主义
politics | review | 国民党
politics | review | 民进党
politics | review | 中华民国
politics | review | 文化大革命
politics | review | 文革
politics | review | 大跃进
politics | review | 红卫兵
politics | review | 国务院
politics | review | 中南海
politics | review | 政治局
politics | review | 党中央
politics | review | 中纪委
politics | review | 中组部
politics | review | 中宣部
politics | review | 中央军委
politics | review | 全国人大
politics | review | 人大代表
politics | review | 全国政协
politics | review | 新闻联播
politics | review | 解放军
politics | review | 五毛党
politics | review | 退党
politics | review | 反党
politics | review | 班禅
politics | review | 8964
politics | review | 红二代
politics | review | 毛爷爷
politics | review | 毛润之
politics | review | 毛新宇
politics | review | 塔利班
politics | review | 基地组织
politics | review | 本拉登
politics | review | 宾拉登
politics | review | 恐怖组织
politics | review | 恐怖分子
politics | review | 希特勒
politics | review | 纳粹
politics | review | 墨索里尼
politics | review | 东条英机
politics | review | 靖国神社
politics | review | 日本天皇
politics | review | 汪精卫
politics | review | 伪满洲国
politics | review | 南京大屠杀
politics | review | 731部队
politics | review | 金正恩
politics | review | 金三胖
politics | review | 国安法
politics | review | 毒枭
politics | review | 贩毒
politics | review | 吸毒
politics | review | 毒品
politics | review | 冰毒
politics | review | 海洛因
politics | review | 摇头丸
politics | review | 罂粟
politics | review | 大麻
politics | review | 江青 | whole
politics | review | 林彪 | whole
politics | review | 韩正 | whole
politics | review | 蔡奇 | whole
politics | review | 令计划 | whole
politics | review | 蔡英文 | whole
politics | review | 李源潮 | whole
politics | review | 李长春 | whole
politics | review | 近平 | whole
politics | review | 小平同志 | whole
politics | review | 主席 | whole
politics | review | 总理 | whole
politics | review | 总统 | whole
politics | review | 解放军 | whole
politics | review | 公安 | whole
politics | note | 普京
politics | note | 特朗普
politics | note | 川普
politics | note | 拜登
politics | note | 奥巴马
politics | note | 布什
politics | note | 克林顿
politics | note | 默克尔
politics | note | 马克龙
politics | note | 安倍
politics | note | 罗斯福
politics | note | 丘吉尔
politics | note | 联合国
politics | note | 马克思
politics | note | 列宁
politics | note | 斯大林
politics | note | 孙中山
politics | note | 黑社会
politics | note | 革命
politics | note | trump
politics | note | putin
politics | note | obama
politics | note | biden

# impersonation: staff and system, state bodies, media
impersonation | plain | 系统管理员
impersonation | plain | 游戏管理员
impersonation | plain | 大厅管理员
impersonation | plain | 房间管理员
impersonation | plain | 超级管理员
impersonation | plain | 官方管理员
impersonation | plain | 官方客服
impersonation | plain | 游戏客服
impersonation | plain | 在线客服
impersonation | plain | 人工客服
impersonation | plain | 客服中心
impersonation | plain | 客服专员
impersonation | plain | 客服人员
impersonation | plain | 客服经理
impersonation | plain | 客服主管
impersonation | plain | 客服热线
impersonation | plain | 客服电话
impersonation | plain | 客服小妹
impersonation | plain | 官方人员
impersonation | plain | 官方工作人员
impersonation | plain | 官方账号
impersonation | plain | 官方帐号
impersonation | plain | 官方通知
impersonation | plain | 官方公告
impersonation | plain | 官方消息
impersonation | plain | 官方发奖
impersonation | plain | 官方活动
impersonation | plain | 官方充值
impersonation | plain | 官方代理
impersonation | plain | 官方运营
impersonation | plain | 官方认证
impersonation | plain | 官方gm
impersonation | plain | 官方微信
impersonation | plain | 官方qq
impersonation | plain | 官方群
impersonation | plain | 官方指定
impersonation | plain | 官方授权
impersonation | plain | 系统消息
impersonation | plain | 系统公告
impersonation | plain | 系统通知
impersonation | plain | 系统提示
impersonation | plain | 系统提醒
impersonation | plain | 系统客服
impersonation | plain | 系统官方
impersonation | plain | 系统发奖
impersonation | plain | 系统奖励
impersonation | plain | 系统赠送
impersonation | plain | 游戏gm
impersonation | plain | 超级gm
impersonation | plain | gm管理
impersonation | plain | gm客服
impersonation | plain | gm巡查
impersonation | plain | 巡查gm
impersonation | plain | 巡厅
impersonation | plain | 首席gm
impersonation | plain | 值班gm
impersonation | plain | 中奖通知
impersonation | plain | 中奖信息
impersonation | plain | 封号通知
impersonation | plain | 处罚通知
impersonation | plain | 违规通知
impersonation | plain | 领奖专员
impersonation | plain | 发奖员
impersonation | plain | 运营专员
impersonation | plain | 运营经理
impersonation | plain | 运营总监
impersonation | plain | 游戏运营
impersonation | plain | 运营团队
impersonation | plain | 充值客服
impersonation | plain | 举报中心
impersonation | plain | 申诉中心
impersonation | plain | 系统 | whole
impersonation | plain | 客服 | whole
impersonation | plain | 官方 | whole
impersonation | plain | 管理员 | whole
impersonation | plain | gm | whole
impersonation | plain | 游戏官方 | whole
impersonation | plain | 官方大厅 | whole
impersonation | plain | system | whole
impersonation | plain | admin | whole
impersonation | plain | administrator | whole
impersonation | plain | moderator | whole
impersonation | plain | gamemaster | whole
impersonation | plain | official | whole
impersonation | plain | 审核员 | whole
impersonation | plain | 版主 | whole
impersonation | plain | 超管 | whole
impersonation | plain | 客服部 | whole
impersonation | plain | 运营部 | whole
impersonation | review | 管理 | whole
impersonation | review | 运营 | whole
impersonation | review | 网管 | whole
impersonation | review | 站长 | whole
impersonation | review | 巡查员 | whole
impersonation | review | 财务部 | whole
impersonation | review | 技术部 | whole
impersonation | review | support | whole
impersonation | review | sysadmin | whole
impersonation | review | root | whole
impersonation | review | 客服
impersonation | review | 官方
impersonation | review | 管理员
impersonation | review | 审核员
impersonation | review | 巡查员
impersonation | review | 工作人员
impersonation | review | 超管
impersonation | review | 网警
impersonation | review | 网监
impersonation | review | 版主
impersonation | review | administrator
impersonation | review | moderator
impersonation | review | gamemaster
impersonation | review | sysadmin
impersonation | review | customerservice
impersonation | review | gm | head
impersonation | review | admin | head
impersonation | review | system | head
impersonation | review | official | head
impersonation | review | gm | tail
impersonation | review | admin | tail
impersonation | review | official | tail
impersonation | review | 公安
impersonation | review | 交警
impersonation | review | 刑警
impersonation | review | 武警
impersonation | review | 警方
impersonation | review | 派出所
impersonation | review | 检察院
impersonation | review | 检察官
impersonation | review | 法院
impersonation | review | 城管局
impersonation | review | 财政部
impersonation | review | 财政局
impersonation | review | 外交部
impersonation | review | 国防部
impersonation | review | 教育部
impersonation | review | 教育局
impersonation | review | 税务局
impersonation | review | 工商局
impersonation | review | 证监会
impersonation | review | 银监会
impersonation | review | 央行
impersonation | review | 人民银行
impersonation | review | 国安局
impersonation | review | 反贪局
impersonation | review | 信访局
impersonation | review | 市政府
impersonation | review | 省政府
impersonation | review | 县政府
impersonation | review | 人民政府
impersonation | review | 中央电视台
impersonation | review | 央视
impersonation | review | cctv
impersonation | review | 新华社
impersonation | review | 人民日报
impersonation | review | 环球时报
impersonation | review | 大使馆
impersonation | review | 有限公司
impersonation | review | 有限责任公司
impersonation | review | 股份公司
impersonation | review | 旗舰店

# advert: contacts, gold trade, gambling, money, jobs, links
advert | plain | 贷款
advert | plain | 兼职日结
advert | plain | 工资日结
advert | plain | 日结工
advert | plain | 替考
advert | plain | 带单老师
advert | plain | 企鹅裙
advert | plain | 加微
advert | plain | 加威信
advert | plain | 加vx
advert | plain | 加wx
advert | plain | 加我v
advert | plain | 加我q
advert | plain | 加我微
advert | plain | 加我qq
advert | plain | 加q
advert | plain | 加qq
advert | plain | 加扣扣
advert | plain | 加企鹅号
advert | plain | 加q群
advert | plain | 加群号
advert | plain | 微信号
advert | plain | 微信群
advert | plain | 微信同号
advert | plain | 微信搜
advert | plain | 微信加
advert | plain | 微信联系
advert | plain | 威信号
advert | plain | 薇信
advert | plain | 徽信
advert | plain | 薇芯
advert | plain | v信号
advert | plain | vx号
advert | plain | wx号
advert | plain | 扣扣群
advert | plain | 扣扣号
advert | plain | qq群
advert | plain | qq号
advert | plain | q群号
advert | plain | 扫码领
advert | plain | 扫码进
advert | plain | 看头像加
advert | plain | 看我头像加
advert | plain | 卖币
advert | plain | 收币
advert | plain | 买金币
advert | plain | 买豆
advert | plain | 买欢乐豆
advert | plain | 售豆
advert | plain | 售币
advert | plain | 金币回收
advert | plain | 金币交易
advert | plain | 金币出售
advert | plain | 金币批发
advert | plain | 金币代理
advert | plain | 金币商
advert | plain | 回收豆
advert | plain | 低价金币
advert | plain | 便宜金币
advert | plain | 低价币
advert | plain | 上分微
advert | plain | 秒上秒下
advert | plain | 房卡代理
advert | plain | 房卡批发
advert | plain | 房卡充值
advert | plain | 麻将代理
advert | plain | 棋牌代理
advert | plain | 棋牌加盟
advert | plain | 棋牌招商
advert | plain | 棋牌送
advert | plain | 招代理
advert | plain | 招募代理
advert | plain | 代理加盟
advert | plain | 招总代
advert | plain | 找代理
advert | plain | 招推广
advert | plain | 开户送
advert | plain | 注册送
advert | plain | 首充送
advert | plain | 充值送
advert | plain | 充100送
advert | plain | 体验金
advert | plain | 返佣
advert | plain | 佣金
advert | plain | 卖号
advert | plain | 收号
advert | plain | 出号
advert | plain | 售号
advert | plain | 卖账号
advert | plain | 收账号
advert | plain | 卖帐号
advert | plain | 代练
advert | plain | 代充
advert | plain | 代刷
advert | plain | 刷金币
advert | plain | 刷豆
advert | plain | 刷钻
advert | plain | 透视挂
advert | plain | 透视器
advert | plain | 麻将挂
advert | plain | 斗地主挂
advert | plain | 棋牌挂
advert | plain | 作弊器
advert | plain | 看牌器
advert | plain | 透视眼镜
advert | plain | 变牌器
advert | plain | 千术教学
advert | plain | 赌博网
advert | plain | 赌博平台
advert | plain | 网上赌场
advert | plain | 现金网
advert | plain | 真钱棋牌
advert | plain | 真金棋牌
advert | plain | 现金棋牌
advert | plain | 北京赛车
advert | plain | 幸运飞艇
advert | plain | 彩票计划
advert | plain | 彩票群
advert | plain | 葡京
advert | plain | 金沙娱乐
advert | plain | 皇冠体育
advert | plain | 体育投注
advert | plain | 投注网
advert | plain | 投注平台
advert | plain | 博彩
advert | plain | 菠菜网
advert | plain | 菠菜平台
advert | plain | 杀猪盘
advert | plain | 外围盘口
advert | plain | 外围下注
advert | plain | 外围投注
advert | plain | 捕鱼上分
advert | plain | 牛牛上分
advert | plain | 牛牛群
advert | plain | 红包群
advert | plain | 扫雷群
advert | plain | 网赚
advert | plain | 日赚
advert | plain | 月赚
advert | plain | 日入百
advert | plain | 日入千
advert | plain | 日入过
advert | plain | 月入千
advert | plain | 月入万
advert | plain | 月入过
advert | plain | 赚钱项目
advert | plain | 刷单
advert | plain | 高薪招
advert | plain | 高薪聘
advert | plain | 网贷
advert | plain | 高利贷
advert | plain | 洗钱
advert | plain | 代开发票
advert | plain | 开发票
advert | plain | 代开票
advert | plain | 办证
advert | plain | 假证
advert | plain | 假钞
advert | plain | 代写论文
advert | plain | 币安
advert | plain | 欧易
advert | plain | okx
advert | plain | usdt
advert | plain | 泰达币
advert | plain | 炒币
advert | plain | 荐股
advert | plain | 股票推荐
advert | plain | 炒股群
advert | plain | 听话水
advert | plain | 代孕
advert | plain | qq | number
advert | plain | q扣 | number
advert | plain | qq号 | number
advert | plain | qq群 | number
advert | plain | q群 | number
advert | plain | q号 | number
advert | plain | q | number
advert | plain | 扣扣 | number
advert | plain | 扣扣群 | number
advert | plain | 扣扣号 | number
advert | plain | 企鹅号 | number
advert | plain | 群号 | number
advert | plain | 微信 | number
advert | plain | 微信号 | number
advert | plain | v信 | number
advert | plain | vx | number
advert | plain | wx | number
advert | plain | 加v | number
advert | plain | 电话 | number
advert | plain | 手机 | number
advert | plain | tel | number
advert | plain | 加我 | number
advert | plain | 咨询 | number
advert | plain | 热线 | number
advert | plain | whatsapp | number
advert | plain | telegram | number
advert | review | v | number
advert | review | 联系 | number
advert | review | tg | number
advert | review | 加 | number
advert | review | 群 | number
advert | plain | .com | link
advert | plain | .cn | link
advert | plain | .net | link
advert | plain | .org | link
advert | plain | .cc | link
advert | plain | .xyz | link
advert | plain | .tv | link
advert | plain | .com.cn | link
advert | review | .top | link
advert | review | .vip | link
advert | review | .club | link
advert | review | .shop | link
advert | review | .app | link
advert | review | .wang | link
advert | review | .bet | link
advert | plain | http:// | sub
advert | plain | https:// | sub
advert | plain | www. | sub
advert | plain | t.me/ | sub
advert | review | 迷药
advert | review | 蒙汗药
advert | review | 躺赚
advert | review | 内幕消息
advert | review | 带单群
advert | review | 兼职
advert | review | 打字员
advert | review | 套现
advert | review | 刷分
advert | review | 外挂
advert | review | 跑分
advert | review | 高仿
advert | review | 币圈
advert | review | 虚拟币
advert | review | 洗码
advert | review | 刻章
advert | review | 卖肾
advert | review | 微信
advert | review | 微商
advert | review | 代购
advert | review | 代理
advert | review | 加盟
advert | review | 招商
advert | review | 批发
advert | review | 推广
advert | review | 促销
advert | review | 包邮
advert | review | 淘宝
advert | review | 网店
advert | review | 直销
advert | review | 荐号
advert | review | 房产
advert | review | 中介
advert | review | 租房
advert | review | 招聘
advert | review | 招工
advert | review | 代打
advert | review | 兼职群
advert | review | 发票
advert | review | 加群
advert | review | 进群
advert | review | 私聊
advert | review | 私我
advert | review | 私信
advert | review | 百家乐
advert | review | 盘口
advert | review | 庄闲
advert | review | 菠菜
advert | review | 福利群
advert | review | 福利社
advert | review | 福利视频
advert | review | 看片
advert | review | 资源群
advert | review | 交易所
advert | review | 送金币
advert | review | 送豆
advert | review | 领金币
advert | review | 换现金
advert | review | 人民币交易
advert | review | 二维码
advert | review | 联系方式
advert | review | 联系电话
advert | review | 手机号
advert | review | 电话号码
advert | review | 翻墙
advert | review | vpn
advert | review | 科学上网
advert | review | 返现
advert | review | 专卖
advert | review | 营业部
advert | review | 开户
advert | review | wechat
advert | review | weixin
advert | review | whatsapp
advert | review | telegram

# --- Contacts: no name needs one.
advert | plain | 加vx | id
advert | plain | 加wx | id
advert | plain | 加微 | id
advert | plain | 加薇 | id
advert | plain | +v | id
advert | plain | +vx | id
advert | plain | +q | id
advert | plain | wx | id
advert | plain | v信 | id
advert | plain | 薇信 | id
advert | plain | 威信 | id
advert | plain | 企鹅号 | id
advert | plain | 扣扣群 | id
advert | plain | 微信同号 | id
advert | plain | 加我微信 | id
advert | plain | q号 | id
advert | plain | qq号 | id
advert | review | <channel> | id
advert | plain | 加微信 | id,sound
advert | plain | 微信 | id,sound
advert | plain | 加扣扣 | id,sound
advert | plain | 扣扣 | id,sound
advert | review | 电话 | number,sound
advert | review | 电报 | id,sound
advert | plain | 加群 | number,sound
advert | plain | qq群 | id,sound
advert | plain | 加qq | id,sound
advert | plain | 加q | id,sound
advert | plain | 加v | id,sound
advert | plain | q群 | id,sound
advert | plain | 加群 | id,sound
advert | review | 微信群 | id,sound
advert | plain | 微信号 | id,sound
advert | review | 手机 | number,sound
advert | plain | jwx | sub,id
advert | review | jvx | sub,id
advert | review | jqq | sub,id
advert | review | jiawx | sub,id
advert | review | jiavx | sub,id
advert | plain | weixin | sub,id
advert | review | wechat | sub,id
advert | plain | qq | sub,number
advert | plain | vx | sub,number

set | points | 上分 下分 代练
rule | advert | review | goods and number | points number
rule | advert | review | goods and phone | points phone

set | bed | 厉害 很厉害 真厉害 超厉害 猛 很猛 功夫 技术 高手 之王 运动 激情 缠绵
porn | review | 床上<bed> | sound
set | beast | 猪 狗 畜生 王八 傻逼 垃圾 废物 孙子
insult | review | 是<beast> | tail
allow | 我是猪
allow | 属猪
allow | 不是猪

insult | plain | shabi
# Plain in a name whatever they are in chat.
insult | plain | shabi | prefix
insult | plain | 傻逼
insult | plain | 贱货

allow | 改不了吃屎
allow | 汉奸势力

[must_hit]
porn | plain | 深夜约炮找我
porn | plain | 做爱高手
porn | plain | 约【炮】
porn | plain | BigDick99
porn | review | 寂寞少妇
insult | plain | 傻逼队友
insult | plain | 傻 逼
insult | plain | 傻傻逼逼
insult | plain | 傻*逼
insult | plain | 操你媽
insult | plain | ＦＵＣＫ
insult | plain | f.u.c.k
insult | plain | fuсk
insult | plain | fuuuuck
insult | plain | FuckYou
insult | plain | sh!t
insult | plain | 曹操你妈死了
insult | plain | c a o n i m a
insult | review | SB队友
religion | plain | 法轮功好
religion | plain | 法輪大法
religion | plain | 老秃驴
religion | note | 小佛陀
religion | note | 佛心
politics | plain | 习近平
politics | plain | 習近平
politics | plain | 习·近·平
politics | plain | 支持台独
politics | review | 江青
impersonation | plain | 系统
impersonation | plain | ★系统★
impersonation | plain | 系統管理員
impersonation | plain | GM01
impersonation | plain | 官方客服小美
impersonation | review | 客服小美
impersonation | review | GM小王
impersonation | review | 武汉公安
advert | plain | 低价金币加微
advert | plain | 加V:abc888
advert | plain | QQ:88123456
advert | plain | QQ：８８１２３４５６
advert | plain | 扣扣❽❽❶❷❸❹❺❻
advert | plain | 扣扣八八一二三四五六
advert | plain | 诚信上下分
advert | plain | 房卡代理找我
advert | plain | 收豆出豆
advert | plain | www.abc888.com
advert | plain | abc888.com
advert | plain | 卖号大甩卖

[must_miss]
十字路口交通
理性爱国
大家找小姐姐
满足交换
人群交流
特色情怀
春色逼人
门口爆米花
推出号称
妈妈逼我
我操心你
我草莓呢
去他妈家
野种子发芽
香港独家
学习主席
乌龟头领
绿教室
绿豆商人
上分加油
做爱心饼干
曹操你好
体操你我他
生日你好
妈妈的味道
方法轮换
大法师
魔法师
魔法轮盘
擂台独秀
收藏独角兽
共匪夷所思
心中共鸣
学习近平凡
大麻将王
麻将大师
毒蛇
毒牌王
炸弹狂魔
王炸春天
放炮小能手
胡牌大王
杀神
杀手不太冷
死神来了
笑死我了
亚洲赌王
赌神高进
斗地主大师
火枪手
百步穿杨
处女座
牛奶子
预约炮塔
各自慰问
海潮吹沙
六合彩霞
时时彩虹
开发票务系统
拍卖号角
卖豆腐的小王
买豆浆
收豆豆
加微笑
蔷薇信箱
薇薇安
加Q币失败
江青松
韩正义
令计划通
系统之神
操作系统
法官大人
外公安好
小儿子真棒
企鹅真可爱
QQ农场老玩家
qq糖
12345678
我的房间号是10086
v1.2.3.4
OK.GO.GO
gg.wp
classic
class assassin
glasses
Matsushita
Scunthorpe
Essex
Dickens
cucumber
title
therapist
grapes
hello
lag spike
he's lagging
kept watching
as sweet as sugar
pen is here
pussycat
analyst
SmAsH
Arsenal
Pokémon
Ангел
мама
Ελλάδα
さくらんぼ
바둑왕
สวัสดี
三缺一
一二三四五六七
❤️小明❤️
彡小七彡
