use alert_core::alert_on_err;

#[alert_on_err]
async fn f() -> Result<(), String> {
    let rc = std::rc::Rc::new(1);
    std::future::ready(()).await;
    drop(rc);
    Ok(())
}

fn needs_send(_: impl Send) {}

fn uses() {
    needs_send(f());
}

fn main() {}
