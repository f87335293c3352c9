//! With other attributes, in both orders.

use alert_core::alert_on_err;

#[async_trait::async_trait]
trait Load {
    async fn load(&self, mut n: u8) -> Result<u8, String>;

    #[alert_on_err]
    async fn twice(&self, n: u8) -> Result<u8, String> {
        Ok(self.load(n).await?.wrapping_mul(2))
    }
}

struct Store;

#[async_trait::async_trait]
impl Load for Store {
    #[alert_on_err]
    async fn load(&self, mut n: u8) -> Result<u8, String> {
        n = n.wrapping_add(1);
        Ok(n)
    }
}

struct Other;

#[alert_on_err]
#[async_trait::async_trait]
impl Load for Other {
    async fn load(&self, n: u8) -> Result<u8, String> {
        Ok(n)
    }
}

struct Third;

#[async_trait::async_trait]
#[alert_on_err]
impl Load for Third {
    async fn load(&self, n: u8) -> Result<u8, String> {
        Ok(n)
    }
}

#[alert_on_err]
#[async_recursion::async_recursion]
async fn recursive_above(n: u8) -> Result<u8, String> {
    if n == 0 { Ok(0) } else { recursive_above(n - 1).await }
}

#[async_recursion::async_recursion]
#[alert_on_err]
async fn recursive_below(n: u8) -> Result<u8, String> {
    if n == 0 { Ok(0) } else { recursive_below(n - 1).await }
}

#[alert_on_err]
#[tracing::instrument(err)]
async fn instrumented_above(n: u8) -> Result<u8, String> {
    Ok(n)
}

#[tracing::instrument(err)]
#[alert_on_err]
async fn instrumented_below(n: u8) -> Result<u8, String> {
    Ok(n)
}

#[allow(dead_code)]
mod other_main {
    use super::alert_on_err;

    #[alert_on_err]
    #[tokio::main(flavor = "current_thread")]
    pub async fn main() -> Result<(), String> {
        Ok(())
    }
}

#[tokio::main(flavor = "current_thread")]
#[alert_on_err]
async fn main() -> Result<(), String> {
    assert_eq!(Store.twice(1).await?, 4);
    assert_eq!(Other.twice(1).await?, 2);
    assert_eq!(Third.twice(1).await?, 2);
    recursive_above(3).await?;
    recursive_below(3).await?;
    instrumented_above(1).await?;
    instrumented_below(1).await?;
    Ok(())
}
