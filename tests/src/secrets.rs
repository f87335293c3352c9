//! The search for secrets in everything that leaves the library.

/// Fails if one of the secrets stands in one of the texts, whole, cut short or in another notation.
///
/// # Panics
/// Naming the text, never the secret.
pub fn assert_no_secret<'a>(secrets: &[String], texts: impl IntoIterator<Item = (&'a str, String)>) {
    for (what, text) in texts {
        for secret in secrets {
            for form in forms(secret) {
                assert!(
                    !text.contains(&form),
                    "{what} holds a secret ({} characters of it): {}",
                    form.chars().count(),
                    text.replace(&form, "<HERE>")
                );
            }
        }
    }
}

/// The secret, its first and its last half, and how a URL would hold it.
fn forms(secret: &str) -> Vec<String> {
    let characters: Vec<char> = secret.chars().collect();
    let (first, last) = characters.split_at(characters.len() / 2);
    let mut forms = vec![secret.to_owned(), secret.replace('+', "%2B").replace('/', "%2F")];
    // Half of a short one may be an ordinary word.
    if characters.len() >= 16 {
        forms.extend([first.iter().collect(), last.iter().collect()]);
    }
    forms.retain(|form| form.len() >= 6);
    forms
}

#[cfg(test)]
mod tests {
    use super::assert_no_secret;

    #[test]
    fn finds_a_whole_and_a_half_secret() {
        let secrets = ["0123456789abcdef0123".to_owned()];
        let holds = |text: &str| {
            let texts = [("a text", text.to_owned())];
            std::panic::catch_unwind(|| assert_no_secret(&secrets, texts)).is_err()
        };
        assert!(holds("failed: 0123456789abcdef0123!"));
        assert!(holds("failed: 0123456789..."));
        assert!(!holds("failed: ***"));
    }
}
