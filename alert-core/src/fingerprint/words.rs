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
         domain tag element node_type content_type media mime unit metric capability",
    ),
    (
        LEAD,
        "in expected missing unknown unsupported required undefined undeclared unrecognized \
         unrecognised unimplemented",
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
];

/// [`GROUPS`] as one sorted table: put together at the first error, so that the lists above stay readable.
static WORDS: LazyLock<Box<[(&str, Class)]>> = LazyLock::new(|| {
    let mut all: Vec<(&str, Class)> = Vec::new();
    for (class, words) in GROUPS {
        all.extend(words.split(' ').map(|word| (word, *class)));
    }
    all.sort_unstable();
    all.dedup_by(|(word, class), (kept, kept_class)| {
        let same = word == kept;
        *kept_class |= if same { *class } else { 0 };
        same
    });
    all.into_boxed_slice()
});

/// What a Chinese text that ends before a quote, a bracket or a number says. Longer words first where one ends
/// in another.
pub(super) const CHINESE: &[(&str, Class)] = &[
    ("错误码", CODE),
    ("错误代码", CODE),
    ("状态码", CODE),
    ("返回码", CODE),
    ("响应码", CODE),
    ("错误编号", CODE),
    ("退出码", CODE),
    ("返回", RESULT),
    ("响应", RESULT),
    ("端口", PORT),
    ("返回值", VALUE),
    ("参数值", VALUE),
    ("用户", VALUE),
    ("用户名", VALUE),
    ("客户", VALUE),
    ("账号", VALUE),
    ("账户", VALUE),
    ("帐号", VALUE),
    ("姓名", VALUE),
    ("文件", VALUE),
    ("文件名", VALUE),
    ("值", VALUE),
    ("值为", VALUE),
    ("订单", VALUE),
    ("订单号", VALUE),
    ("商品", VALUE),
    ("产品", VALUE),
    ("会员", VALUE),
    ("手机", VALUE),
    ("手机号", VALUE),
    ("邮箱", VALUE),
    ("地址", VALUE),
    ("名称", VALUE),
    ("昵称", VALUE),
    ("店铺", VALUE),
    ("门店", VALUE),
    ("商户", VALUE),
    ("商家", VALUE),
    ("卡号", VALUE),
    ("单号", VALUE),
    ("编号", VALUE),
    ("员工", VALUE),
    ("司机", VALUE),
    ("学生", VALUE),
    ("优惠券", VALUE),
    ("活动", VALUE),
    ("标题", VALUE),
    ("关键词", VALUE),
    ("城市", VALUE),
    ("备注", VALUE),
    ("输入", VALUE),
    ("输入值", VALUE),
    ("设备", VALUE),
    ("车牌", VALUE),
    ("公司", VALUE),
    ("企业", VALUE),
    ("联系人", VALUE),
    ("收件人", VALUE),
    ("供应商", VALUE),
    ("仓库", VALUE),
    ("患者", VALUE),
    ("租户", VALUE),
    ("内容", VALUE),
    ("字符串", VALUE),
    ("字符", VALUE),
    ("目录", VALUE),
    ("路径", VALUE),
    ("图片", VALUE),
    ("附件", VALUE),
    ("收货人", VALUE),
    ("字段", NOUN),
    ("数据表", NOUN),
    ("表", NOUN),
    ("列", NOUN),
    ("索引", NOUN),
    ("约束", NOUN),
    ("数据库", NOUN),
    ("主题", NOUN),
    ("队列", NOUN),
    ("参数", NOUN),
    ("方法", NOUN),
    ("服务", NOUN),
    ("接口", NOUN),
    ("配置", NOUN),
    ("配置项", NOUN),
    ("模块", NOUN),
    ("类型", NOUN),
    ("函数", NOUN),
    ("命令", NOUN),
    ("属性", NOUN),
    ("变量", NOUN),
    ("环境变量", NOUN),
    ("权限", NOUN),
    ("角色", NOUN),
    ("状态", NOUN),
    ("步骤", NOUN),
    ("任务", NOUN),
    ("原因", NOUN),
    ("错误", NOUN),
    ("错误信息", NOUN),
    ("消息", NOUN),
    ("提示", NOUN),
    ("格式", NOUN),
    ("插件", NOUN),
    ("系统", NOUN),
    ("渠道", NOUN),
    ("缺少", LEAD),
    ("未知", LEAD),
    ("不支持", LEAD),
];

/// Units of time behind a number in Chinese.
pub(super) const CHINESE_TIME_UNITS: &[&str] = &["毫秒", "微秒", "纳秒", "秒", "分钟", "小时"];

/// Longer words are in no list.
pub(super) const LONGEST: usize = 16;

/// The class of exactly this word; case does not matter.
pub(super) fn class(word: &[u8]) -> Class {
    let mut lower = [0; LONGEST];
    let Some(lower) = lower.get_mut(..word.len()) else {
        return 0;
    };
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    let found = WORDS.binary_search_by(|(known, _)| known.as_bytes().cmp(lower));
    found
        .ok()
        .and_then(|at| WORDS.get(at))
        .map_or(0, |(_, class)| *class)
}

/// The class of an identifier, or else of its last part: `code` in `errorCode`, `status_code`, `grpc-code`.
pub(super) fn class_of_identifier(word: &[u8]) -> Class {
    match class(word) {
        0 => class(last_part(word)),
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

/// The class of what a Chinese text ends with.
pub(super) fn class_of_chinese(text: &str) -> Class {
    let ends = |(word, _): &&(&str, Class)| text.ends_with(word);
    let longest = CHINESE.iter().filter(ends).max_by_key(|(word, _)| word.len());
    longest.map_or(0, |(_, class)| *class)
}

/// The class of what a Chinese text starts with.
pub(super) fn class_of_chinese_start(text: &str) -> Class {
    let starts = |(word, _): &&(&str, Class)| text.starts_with(word);
    let longest = CHINESE.iter().filter(starts).max_by_key(|(word, _)| word.len());
    longest.map_or(0, |(_, class)| *class)
}
