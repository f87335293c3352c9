//! Every documented failure of every robot: what follows from it, for how long, and which words help.

use super::robots;
use crate::robot::{Delivery, Reply, samples};

/// `kind status class hint` and the body; a class of `later` names the seconds.
const TABLE: &str = r#"
dingtalk 200 again busy | {"errcode":-1,"errmsg":"系统繁忙"}
dingtalk 200 never Robot::keyword | {"errcode":310000,"errmsg":"keywords not in content, more: [url]"}
dingtalk 200 never Robot::keyword | {"errcode":310000,"errmsg":"错误描述:关键词不匹配;解决方案:x;"}
dingtalk 200 never clock | {"errcode":310000,"errmsg":"invalid timestamp"}
dingtalk 200 never Robot::secret | {"errcode":310000,"errmsg":"sign not match, more: [url]"}
dingtalk 200 never Robot::secret | {"errcode":310000,"errmsg":"错误描述:机器人发送签名不匹配;解决方案:x;"}
dingtalk 200 never IP | {"errcode":310000,"errmsg":"ip 203.0.113.7 not in whitelist"}
dingtalk 200 never copy | {"errcode":300001,"errmsg":"token is not exist"}
dingtalk 200 never copy | {"errcode":300005,"errmsg":"token is not exist"}
dingtalk 200 never copy | {"errcode":400101,"errmsg":"access_token不存在"}
dingtalk 200 never dissolved | {"errcode":400013,"errmsg":"群已被解散"}
dingtalk 200 never enable | {"errcode":400102,"errmsg":"机器人已停用"}
dingtalk 200 plain form | {"errcode":400105,"errmsg":"不支持的消息类型"}
dingtalk 200 never removed | {"errcode":400106,"errmsg":"机器人不存在"}
dingtalk 200 plain form | {"errcode":400201,"errmsg":"miss param : text"}
dingtalk 200 plain form | {"errcode":400401,"errmsg":"miss param : markdown"}
dingtalk 200 plain form | {"errcode":400602,"errmsg":"miss param : feedCard->links"}
dingtalk 200 never access_token | {"errcode":40035,"errmsg":"缺少参数 access_token"}
dingtalk 200 never changed | {"errcode":43002,"errmsg":"需要POST请求"}
dingtalk 200 never changed | {"errcode":43004,"errmsg":"无效的HTTP HEADER Content-Type"}
dingtalk 200 later-600 20 | {"errcode":410100,"errmsg":"发送速度太快而限流"}
dingtalk 200 later-60 20 | {"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}
dingtalk 200 later-60 20 | {"errcode":130102,"errmsg":"x"}
dingtalk 200 later-60 20 | {"errcode":660026,"errmsg":"sending too many messages per minute"}
dingtalk 200 later-60 20 | {"errcode":90018,"errmsg":"x"}
dingtalk 200 later-60 20 | {"errcode":90030,"errmsg":"x"}
dingtalk 200 plain filter | {"errcode":430101,"errmsg":"x"}
dingtalk 200 plain filter | {"errcode":430102,"errmsg":"x"}
dingtalk 200 plain filter | {"errcode":430103,"errmsg":"x"}
dingtalk 200 plain filter | {"errcode":430104,"errmsg":"x"}
dingtalk 200 plain 20 | {"errcode":460101,"errmsg":"message too long, exceed 20000 bytes"}
dingtalk 200 later-300 IP | {"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"x"}
feishu 200 plain form | {"code":9499,"msg":"Bad Request"}
feishu 400 plain form | {"code":9499,"msg":"Bad Request"}
feishu 200 later-60 100 | {"StatusCode":0,"StatusMessage":"","code":9499,"msg":"too many request"}
feishu 400 later-60 100 | {"code":9499,"msg":"too many request"}
feishu 200 later-60 | {"code":11232,"msg":"frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]"}
feishu 200 plain card | {"code":11246,"msg":"ErrCode: 200621; ErrMsg: parse card json err"}
feishu 200 never again | {"code":19001,"msg":"param invalid: incoming webhook access token invalid"}
feishu 200 plain | {"code":19002,"msg":"params error, msg_type need"}
feishu 200 never enable | {"code":19007,"msg":"Bot Not Enabled"}
feishu 200 never secret | {"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}
feishu 200 never IP | {"code":19022,"msg":"Ip Not Allowed"}
feishu 200 never Robot::keyword | {"code":19024,"msg":"Key Words Not Found"}
feishu 200 later-60 | {"code":99991400,"msg":"x"}
feishu 200 never | {"code":99991663,"msg":"x"}
wecom 200 again busy | {"errcode":-1,"errmsg":"x"}
wecom 200 again | {"errcode":45033,"errmsg":"x"}
wecom 200 later-60 20 | {"errcode":45009,"errmsg":"api freq out of limit"}
wecom 200 never key | {"errcode":93000,"errmsg":"invalid webhook url"}
wecom 200 plain | {"errcode":93000,"errmsg":"content exceed max length"}
wecom 200 never | {"errcode":93004,"errmsg":"x"}
wecom 200 never | {"errcode":93008,"errmsg":"x"}
wecom 200 plain | {"errcode":40058,"errmsg":"markdown.content exceed max length 4096. invalid Request Parameter"}
wecom 200 plain | {"errcode":40008,"errmsg":"x"}
wecom 200 never empty | {"errcode":44004,"errmsg":"empty content"}
slack 400 plain form | invalid_payload
slack 400 never user | user_not_found
slack 400 plain form | no_text
slack 400 plain form | invalid_blocks
slack 400 plain form | invalid_blocks_format
slack 400 plain form | too_many_attachments
slack 403 never administrators | action_prohibited
slack 403 never revoked | invalid_token
slack 403 never channel | posting_to_general_channel_denied
slack 404 never | channel_not_found
slack 404 never | no_service
slack 404 never | no_team
slack 404 never | no_active_hooks
slack 410 never | channel_is_archived
slack 429 later-60 one | rate_limited
slack 500 again | rollup_error
discord 400 plain form | {"code":50035,"message":"Invalid Form Body","errors":{}}
discord 400 plain form | {"code":50006,"message":"Cannot send an empty message"}
discord 400 never whole | {"code":50109,"message":"x"}
discord 404 never copy | {"code":10015,"message":"Unknown Webhook"}
discord 401 never copy | {"code":50027,"message":"Invalid Webhook Token"}
discord 413 plain large | {"code":40005,"message":"Request entity too large"}
discord 403 never shield | {"code":40333,"message":"x"}
discord 400 never filter | {"code":200000,"message":"x"}
discord 400 never filter | {"code":240000,"message":"x"}
discord 400 never thread_id | {"code":220001,"message":"x"}
discord 429 later-64 more | {"message":"x","code":20028,"retry_after":64.57,"global":false}
discord 429 later-60 | <html>
discord 500 again | {"message":"500: Internal Server Error","code":0}
telegram 400 never chat_id | {"ok":false,"error_code":400,"description":"Bad Request: chat not found"}
telegram 400 never chat_id | {"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded","parameters":{"migrate_to_chat_id":-1}}
telegram 400 plain markup | {"ok":false,"error_code":400,"description":"Bad Request: can't parse entities: x"}
telegram 400 plain 4096 | {"ok":false,"error_code":400,"description":"Bad Request: message is too long"}
telegram 401 never token | {"ok":false,"error_code":401,"description":"Unauthorized"}
telegram 403 never removed | {"ok":false,"error_code":403,"description":"Forbidden: bot was kicked"}
telegram 404 never malformed | {"ok":false,"error_code":404,"description":"Not Found"}
telegram 429 later-35 20 | {"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35","parameters":{"retry_after":35}}
telegram 500 again | {"ok":false,"error_code":500,"description":"x"}
teams 400 never body | {"error":{"code":"TriggerInputSchemaMismatch","message":"x"}}
teams 401 never sig | {}
teams 403 never sig | {}
teams 404 never deleted | {}
teams 408 again |
teams 429 later-60 more |
teams 500 again |
teams 200 later-60 more | Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x
teams 200 plain large | Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413 with ContextId x
teams 200 never take | Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 400 with ContextId x
pagerduty 400 never routing | {"status":"invalid event","message":"x","errors":["Length of 'routing_key' is incorrect (should be 32 characters)"]}
pagerduty 400 never take | {"status":"invalid event","message":"x","errors":["'payload.severity' is invalid"]}
pagerduty 429 later-60 more | {"status":"throttle exceeded","message":"Requests for this service are arriving too quickly.  Please retry later."}
pagerduty 500 again fault | {}
pagerduty 502 again | <html>
webhook 400 never | no
webhook 401 never | no
webhook 408 again |
webhook 425 again |
webhook 429 later-60 |
webhook 503 again |
webhook 307 never redirects |
"#;

#[test]
fn every_documented_failure_has_its_class_its_wait_and_its_hint() {
    let robots = robots();
    let mut checked = 0;
    for row in TABLE.lines().filter(|row| !row.is_empty()) {
        let (head, body) = row.split_once('|').unwrap();
        let mut words = head.split_whitespace();
        let kind = words.next().unwrap();
        let status: u16 = words.next().unwrap().parse().unwrap();
        let (expected, hint) = (words.next().unwrap(), words.next().unwrap_or_default());
        let Some(robot) = robots.iter().find(|robot| robot.kind() == kind) else {
            continue;
        };
        let reply = Reply::new(status, body.trim());
        let got = robot.robot_kind().formatter().read(&reply);
        let class = match &got {
            Delivery::Throttled { retry_after, .. } => {
                let own = robot.robot_kind().formatter().pace().pause();
                format!("later-{}", retry_after.unwrap_or(own).as_secs())
            }
            other => samples::class(other).to_owned(),
        };
        assert_eq!(class, expected, "{row}: {got:?}");
        let told = got.problem().unwrap().advice().unwrap_or_default();
        assert!(told.contains(hint), "{row}: {told}");
        checked += 1;
    }
    #[cfg(all(feature = "discord", feature = "teams"))]
    assert!(checked > 110, "{checked} failures");
    assert!(checked > 5, "{checked} failures");
}

/// The section of the manual about a kind of robot.
fn section(kind: &str) -> &'static str {
    let title = match kind {
        "dingtalk" => "## DingTalk",
        "feishu" => "## Feishu",
        "wecom" => "## WeCom",
        "slack" => "## Slack",
        "discord" => "## Discord",
        "telegram" => "## Telegram",
        "teams" => "## Microsoft Teams",
        "pagerduty" => "## PagerDuty",
        _ => "## Your own endpoint",
    };
    let manual = include_str!("../../../docs/robots.md");
    let (_, section) = manual.split_once(title).unwrap();
    section.split("\n## ").next().unwrap()
}

/// Whether the first cell of a row of answers speaks of this code: itself, or a number that begins so (`400*`), or
/// the kind of status (`5xx`).
fn names(cell: &str, code: &str) -> bool {
    let words = cell.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '*' | '-')));
    let mut words = words.filter(|word| !word.is_empty());
    words.any(|word| {
        let stem = word.trim_end_matches('*').trim_end_matches("xx");
        word == code || (stem.len() < word.len() && !stem.is_empty() && code.starts_with(stem))
    })
}

#[test]
fn the_manual_lists_every_failure_under_its_robot() {
    let robots = robots();
    for row in TABLE.lines().filter(|row| !row.is_empty()) {
        let (head, body) = row.split_once('|').unwrap();
        let words: Vec<_> = head.split_whitespace().collect();
        let (kind, status, class) = (words[0], words[1], words[2].split('-').next().unwrap());
        let Some(robot) = robots.iter().find(|robot| robot.kind() == kind) else {
            continue;
        };
        let reply = Reply::new(status.parse().unwrap(), body.trim());
        let got = robot.robot_kind().formatter().read(&reply);
        let code = got.problem().unwrap().code();
        let answers = section(kind).lines().filter(|line| line.starts_with('|'));
        let listed = answers.filter_map(|line| {
            let cells: Vec<_> = line.split('|').map(str::trim).collect();
            (names(cells[1], code) || names(cells[1], status)).then(|| cells[2])
        });
        let listed: Vec<_> = listed.collect();
        assert!(
            listed.iter().any(|then| then.contains(class)),
            "{kind} {code} is `{class}`; the manual has {listed:?} for: {row}"
        );
    }
}
