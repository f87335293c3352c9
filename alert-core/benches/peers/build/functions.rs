//! The 300 functions whose compilation is measured, as a service has them: methods and free functions, async and
//! not, with loops, branches, a few `?` and an early return each.

/// Each module has five functions.
const MODULES: usize = 60;

/// One module. `@` stands for the attribute; `{{` and `}}` for the braces of a body that is watched.
const MODULE: &str = r#"
pub mod orders_NUMBER {
    use super::*;

    pub struct Orders { pub limit: u64, pub names: Vec<String>, pub open: std::collections::HashMap<u64, String> }

    impl Orders {
        @ pub async fn place(&mut self, id: u64, text: &str) -> Result<u64, Failed> {{
            let known = self.find(id).await?;
            if known > self.limit {
                return Err(Failed(format!("order {id} is over the limit {}", self.limit)));
            }
            let mut sum = known;
            for part in text.split(',') {
                let amount: u64 = part.trim().parse()?;
                sum = sum.checked_add(amount).ok_or_else(|| Failed("too much".to_owned()))?;
            }
            self.open.insert(id, text.to_owned());
            pause().await;
            Ok(sum)
        }}

        @ pub async fn find(&self, id: u64) -> Result<u64, Failed> {{
            pause().await;
            match self.names.iter().position(|name| name.len() as u64 == id) {
                Some(at) => Ok(u64::try_from(at)?),
                None if self.open.contains_key(&id) => Ok(id),
                None => Err(Failed(format!("no order {id}"))),
            }
        }}

        @ fn close(&mut self, id: u64) -> Result<String, Failed> {{
            let order = self.open.remove(&id).ok_or_else(|| Failed(format!("no order {id}")))?;
            let number: u64 = order.split(' ').next().unwrap_or_default().parse()?;
            if number != id {
                return Err(Failed(format!("{number} is not {id}")));
            }
            self.names.retain(|name| *name != order);
            Ok(order)
        }}
    }

    @ async fn load(paths: Vec<String>, most: usize) -> Result<Vec<u64>, Failed> {{
        let mut all = Vec::with_capacity(paths.len());
        for path in &paths {
            pause().await;
            let text = parse(path)?;
            all.extend(text.into_iter().take(most));
        }
        if all.is_empty() {
            return Err(Failed(format!("nothing in {} paths", paths.len())));
        }
        Ok(all)
    }}

    @ fn parse(text: &str) -> Result<Vec<u64>, Failed> {{
        let mut numbers = Vec::new();
        for line in text.lines() {
            let (name, number) = line.split_once('=').ok_or_else(|| Failed(format!("no `=` in `{line}`")))?;
            if name.trim().is_empty() {
                continue;
            }
            numbers.push(number.trim().parse()?);
        }
        Ok(numbers)
    }}

    /// As an executor has them, so that each is compiled to the end.
    pub fn tasks(orders: &'static mut Orders, other: &'static Orders) -> [Task; 3] {
        let _closed = orders.close(1);
        [Box::pin(async { drop(load(Vec::new(), 1).await) }), Box::pin(async { drop(orders.place(1, "1").await) }), Box::pin(async { drop(other.find(1).await) })]
    }
}
"#;

/// The functions with the attribute of a peer, or watched by hand.
pub fn of(peer: &str) -> String {
    let attribute = match peer {
        "alert" => "#[alert_core::alert_on_err]",
        "tracing" => "#[tracing::instrument(skip_all, err)]",
        "fastrace" => "#[fastrace::trace]",
        _ => "",
    };
    let mut module = MODULE.replace('@', attribute);
    if peer == "by_hand" {
        module = watched_by_hand(&module);
    }
    let module = module.replace("{{", "{").replace("}}", "}");
    (0..MODULES)
        .map(|number| module.replace("NUMBER", &number.to_string()))
        .collect()
}

/// `{{ body }}` -> `{ tell("name", async move { body }.await) }`
fn watched_by_hand(module: &str) -> String {
    let mut rest = module;
    let mut watched = String::new();
    while let Some((head, tail)) = rest.split_once("{{") {
        let (body, after) = tail.split_once("}}").expect("what opens closes");
        let name = head.rsplit_once("fn ").and_then(|(_, name)| name.split('(').next());
        let name = name.expect("a body has a name");
        let signature = head.rsplit('\n').next().unwrap_or_default();
        let body = if signature.contains("async fn") {
            format!("tell(\"{name}\", async move {{ {body} }}.await)")
        } else {
            format!("tell(\"{name}\", (move || {{ {body} }})())")
        };
        watched = format!("{watched}{head}{{ {body} }}");
        rest = after;
    }
    watched + rest
}
