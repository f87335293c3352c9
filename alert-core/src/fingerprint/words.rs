//! What words say about the value next to them: code, user value, identifier, unit.

use std::sync::LazyLock;

/// What a word is, as a set of the flags below.
pub(super) type Class = u16;

/// The number right after it is a code and stays.
pub(super) const CODE: Class = 1;
/// A 3-digit status right after it stays.
pub(super) const RESULT: Class = 1 << 1;
/// Quoted text right after it came from a user or from the data.
pub(super) const VALUE: Class = 1 << 2;
/// Quoted text right before or after it is an identifier of the program.
pub(super) const NOUN: Class = 1 << 3;
/// Quoted text right after it is an identifier, not text before it.
pub(super) const LEAD: Class = 1 << 4;
/// `key=` whose value is an id.
pub(super) const ID_KEY: Class = 1 << 5;
/// Names a protocol, an encoding or an algorithm together with its number.
pub(super) const PROTOCOL: Class = 1 << 6;
/// A unit of time behind a number.
pub(super) const TIME_UNIT: Class = 1 << 7;
/// A unit of size behind a number.
pub(super) const SIZE_UNIT: Class = 1 << 8;
/// Leads a code such as `ora-00942`.
pub(super) const CODE_PREFIX: Class = 1 << 9;
/// The number right after it is a network port.
pub(super) const PORT: Class = 1 << 10;
/// Makes a `code` behind it a user's value: a verification code, a zip code.
pub(super) const NOT_A_CODE: Class = 1 << 11;
/// The suffix of a source file, which `main.rs:42` shows and a host does not.
pub(super) const SOURCE: Class = 1 << 12;
/// Follows a status in a sentence: `returned 503 from`, where `returned 503 rows` is a count.
pub(super) const LINK_WORD: Class = 1 << 13;

/// Words in ASCII, lower case, by what they say. A word may say several things.
const GROUPS: &[(Class, &str)] = &[
    (
        CODE,
        "error errno errcode code status http sqlstate signal exit ret errorcode statuscode retcode \
         returncode exitcode rc hresult err",
    ),
    (
        RESULT,
        "returned response responded returns got received answered replied",
    ),
    (
        VALUE,
        "value string entry input near literal char character got found was integer number text byte \
         token digit symbol user username login account email phone customer client member file \
         filename path directory folder tenant hostname values str bytes given received float boolean \
         prefix suffix substring password nickname",
    ),
    (
        NOUN,
        "constraint relation column table index key field database schema role type function topic \
         queue command header parameter param variant method service message reason code status event \
         property option setting argument arg attribute variable env feature flag extension module \
         package crate class struct enum trait procedure trigger view sequence operator collection \
         bucket exchange vhost stream group namespace cluster keyspace policy scope claim algorithm \
         protocol scheme format encoding charset permission action resource endpoint route component \
         plugin driver handler state phase step stage kind error exception cause keys fields columns \
         tables parameters properties options arguments attributes variables features modules target \
         profile section provider backend template subsystem privilege severity level title detail \
         domain tag element node_type content_type media mime unit metric capability pool listener",
    ),
    (
        LEAD,
        "in expected missing unknown unsupported required undefined undeclared unrecognized \
         unrecognised unimplemented because invoke",
    ),
    (
        ID_KEY,
        "user uid id name tenant token trace host ip order path email phone session request username \
         userid account customer sku pod node instance hostname addr address client peer remote \
         trace_id span task worker thread pid tid uuid guid key filename file url uri owner member \
         login mobile device machine container job txn transaction nonce secret password cookie \
         cursor offset lsn",
    ),
    (
        PROTOCOL,
        "utf sha http tls ssl iso aes rfc base md hmac rsa ecdsa ed secp ipv x ietf gbk big5 gb ucs \
         cp windows latin spdy socks smtp imap pop oauth mp h rs es hs ps cve",
    ),
    (
        TIME_UNIT,
        "ns us ms s sec secs second seconds min mins minute minutes hr hrs hour hours day days m h d \
         nanosecond nanoseconds microsecond microseconds millisecond milliseconds millis micros nanos \
         week weeks",
    ),
    (
        SIZE_UNIT,
        "b kb mb gb tb kib mib gib tib byte bytes k g t ki mi gi ti kilobytes megabytes gigabytes pb",
    ),
    (
        CODE_PREFIX,
        "err error e ec ora tns pls biz sys api auth db sql app code aadsts svc srv ts cs dpy hy win \
         mysql my er",
    ),
    (PORT, "port ports"),
    (
        NOT_A_CODE,
        "verification zip postal postcode invite invitation coupon promo sms otp pin qr bar discount \
         country area voucher pickup",
    ),
    (
        SOURCE,
        "rs go py java js ts c cpp cc h hpp toml yaml yml json sql lua rb php proto kt cs tsx jsx \
         html xml sh scala swift ini conf cfg txt log csv",
    ),
    (
        LINK_WORD,
        "from for with on at when while after but and in by instead as to during over because since",
    ),
    // Chinese words say it about what follows them without a blank; at most five characters.
    (CODE, "错误码 错误代码 状态码 返回码 响应码 错误编号 退出码"),
    (RESULT, "返回 响应"),
    (PORT, "端口"),
    (
        VALUE,
        "返回值 参数值 用户 用户名 客户 账号 账户 帐号 姓名 文件 文件名 值 值为 订单 \
         订单号 商品 产品 会员 手机 手机号 邮箱 地址 名称 昵称 店铺 门店 商户 商家 \
         卡号 单号 编号 员工 司机 学生 优惠券 活动 标题 关键词 城市 备注 输入 输入值 \
         设备 车牌 公司 企业 联系人 收件人 供应商 仓库 患者 租户 内容 字符串 字符 目录 \
         路径 图片 附件 收货人",
    ),
    (
        NOUN,
        "字段 数据表 表 列 索引 约束 数据库 主题 队列 参数 方法 服务 接口 配置 配置项 \
         模块 类型 函数 命令 属性 变量 环境变量 权限 角色 状态 步骤 任务 原因 错误 \
         错误信息 消息 提示 格式 插件 系统 渠道",
    ),
    (LEAD, "缺少 未知 不支持"),
];

/// Slots of the table below: a power of two, and at least twice the words.
const SLOTS: usize = 2048;

/// [`GROUPS`] as one hash table, put together at the first error so that the lists above stay readable. A word
/// of up to sixteen bytes is its own key, so a look-up compares two numbers.
static WORDS: LazyLock<Box<[(u128, Class)]>> = LazyLock::new(|| {
    let mut table = vec![(0, 0); SLOTS].into_boxed_slice();
    for (class, words) in GROUPS {
        for key in words.split(' ').filter_map(|word| key(word.as_bytes())) {
            let mut slot = home(key);
            while table
                .get(slot)
                .is_some_and(|(known, _)| *known != 0 && *known != key)
            {
                slot = next_slot(slot);
            }
            if let Some(entry) = table.get_mut(slot) {
                *entry = (key, entry.1 | class);
            }
        }
    }
    table
});

/// A word in lower case as a number; `None` if it is too long to be in any list.
fn key(word: &[u8]) -> Option<u128> {
    let mut lower = [0; LONGEST];
    lower.get_mut(..word.len())?.copy_from_slice(word);
    lower.make_ascii_lowercase();
    Some(u128::from_le_bytes(lower))
}

/// Where a key is looked for first.
fn home(key: u128) -> usize {
    let [low, high] = [key, key >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap_or(0));
    let mixed = (low ^ high.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48;
    usize::try_from(mixed).unwrap_or(0) & SLOTS.wrapping_sub(1)
}

const fn next_slot(slot: usize) -> usize {
    slot.wrapping_add(1) & SLOTS.wrapping_sub(1)
}

/// Units of time behind a number in Chinese.
pub(super) const CHINESE_TIME_UNITS: &[&str] = &["毫秒", "微秒", "纳秒", "秒", "分钟", "小时"];

/// Longer words are in no list.
pub(super) const LONGEST: usize = 16;

/// The class of exactly this word; case does not matter.
pub(super) fn class(word: &[u8]) -> Class {
    let Some(key) = key(word).filter(|key| *key != 0) else {
        return 0;
    };
    let mut slot = home(key);
    loop {
        match WORDS.get(slot) {
            Some((known, class)) if *known == key => return *class,
            Some((known, _)) if *known != 0 => slot = next_slot(slot),
            _ => return 0,
        }
    }
}

/// The class of an identifier, or else of its last part: `code` in `errorCode`, `status_code`, `grpc-code`.
pub(super) fn class_of_identifier(word: &[u8]) -> Class {
    let last = last_part(word);
    match class(word) {
        0 if last.len() < word.len() => class(last),
        known => known,
    }
}

/// The part after the last `_`, `-` or `.`, or from the last capital that starts a part.
fn last_part(word: &[u8]) -> &[u8] {
    let separated = word
        .rsplit(|byte| matches!(byte, b'_' | b'-' | b'.'))
        .next()
        .unwrap_or(word);
    let capitals = separated
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    let length = match capitals {
        0 => {
            let small = separated
                .iter()
                .rev()
                .take_while(|byte| !byte.is_ascii_uppercase())
                .count();
            small.saturating_add(1)
        }
        capitals => capitals,
    };
    separated
        .get(separated.len().saturating_sub(length)..)
        .unwrap_or(separated)
}

/// The class of the longest listed word that a Chinese text ends with.
pub(super) fn class_of_chinese(text: &str) -> Class {
    // Words are made of ideographs, and quotes in a row are asked for often.
    let last = text.len().checked_sub(3).and_then(|at| text.as_bytes().get(at));
    if !matches!(last, Some(0xE4..=0xE9)) {
        return 0;
    }
    longest_first(|bytes| text.get(text.len().checked_sub(bytes)?..))
}

/// The class of the longest listed word that a Chinese text starts with.
pub(super) fn class_of_chinese_start(text: &str) -> Class {
    longest_first(|bytes| text.get(..bytes))
}

/// Tries five characters of three bytes, then fewer.
fn longest_first<'a>(part: impl Fn(usize) -> Option<&'a str>) -> Class {
    let mut classes = [15, 12, 9, 6, 3]
        .into_iter()
        .filter_map(part)
        .map(|part| class(part.as_bytes()));
    classes.find(|class| *class != 0).unwrap_or(0)
}
