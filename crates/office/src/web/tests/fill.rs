//! Filling forms as a person does: open the page, look, send.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::{Answer, Office};
use crate::access::csrf_of;
use crate::web::parts::escaped;

/// The value of a hidden field of a page.
pub fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = page.split_once(&mark).unwrap_or_else(|| panic!("no field {name} in {page}")).1;
    rest.split('"').next().unwrap_or_default().to_owned()
}

fn body(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> =
        pairs.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    pairs.join("&")
}

/// A file that somebody chose in a form.
#[derive(Clone, Copy)]
pub struct Picked<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
}

impl Office {
    /// What the page shows when the form is looked at; nothing is registered.
    pub async fn look(&self, person: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get_as(person, path).await;
        assert_eq!(page.status, StatusCode::OK, "{person} {path}: {}", page.text);
        let key = hidden(&page.text, "key");
        let mut fields = fields.to_vec();
        fields.extend([("key", key.as_str()), ("step", "look")]);
        self.send_as(person, path.split('?').next().unwrap(), &body(&fields)).await
    }

    /// Looks, then sends, then sends once more as a double click does.
    pub async fn fill(&self, person: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let looked = self.look(person, path, fields).await;
        assert_eq!(looked.status, StatusCode::OK, "{person} {path}: {}", looked.text);
        let (key, seen) = (hidden(&looked.text, "key"), hidden(&looked.text, "seen"));
        let mut fields = fields.to_vec();
        fields.extend([("key", key.as_str()), ("seen", seen.as_str()), ("step", "send")]);
        let path = path.split('?').next().unwrap();
        let sent = self.send_as(person, path, &body(&fields)).await;
        let records = self.count().await;
        let again = self.send_as(person, path, &body(&fields)).await;
        assert_eq!(self.count().await, records, "sent twice, it is registered once: {path}");
        assert!(!again.status.is_server_error(), "{path}: {}", again.text);
        sent
    }

    /// Fills a form whose sending leads to a page that says so.
    pub async fn done(&self, person: &str, path: &str, fields: &[(&str, &str)]) -> String {
        let sent = self.fill(person, path, fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{person} {path}: {}", sent.text);
        let to = sent.headers["location"].to_str().unwrap().to_owned();
        let page = self.get_as(person, &to).await;
        assert!(page.text.contains("登録しました"), "{to}: {}", page.text);
        to
    }

    /// A form with a file: it is looked at where the page shows what is in it, and then sent.
    pub async fn upload(
        &self,
        person: &str,
        path: &str,
        fields: &[(&str, &str)],
        file: (&str, &[u8]),
    ) -> Answer {
        let page = self.get_as(person, path).await;
        let key = hidden(&page.text, "key");
        let mut fields = fields.to_vec();
        fields.push(("key", &key));
        let file = Picked { name: file.0, bytes: file.1 };
        let looked = self.send_file(person, path, &fields, file).await;
        if looked.status != StatusCode::OK || !looked.text.contains("name=\"seen\"") {
            return looked;
        }
        let (sha256, seen) = (hidden(&looked.text, "sha256"), hidden(&looked.text, "seen"));
        fields.extend([("sha256", sha256.as_str()), ("seen", &seen), ("step", "send")]);
        self.send_file(person, path, &fields, file).await
    }

    /// A file and the fields beside it, as they are.
    pub async fn send_file(
        &self,
        person: &str,
        path: &str,
        fields: &[(&str, &str)],
        file: Picked<'_>,
    ) -> Answer {
        let Picked { name, bytes } = file;
        let token = self.token(person).await;
        let csrf = csrf_of(&token).unwrap();
        let mut parts = Vec::new();
        for (field, value) in fields.iter().chain(&[("csrf", csrf.as_str())]) {
            let part = format!(
                "--x\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            );
            parts.extend(part.into_bytes());
        }
        let file = format!(
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        parts.extend(file.into_bytes());
        parts.extend(bytes);
        parts.extend(b"\r\n--x--\r\n");
        let request = Request::post(path)
            .header("host", "127.0.0.1:8080")
            .header("origin", "http://127.0.0.1:8080")
            .header("cookie", format!("yakkan={token}"))
            .header("content-type", "multipart/form-data; boundary=x");
        self.ask(request.body(Body::from(parts)).unwrap()).await
    }

    /// How many inputs of people there are.
    async fn count(&self) -> usize {
        let mut count = 0;
        for account in self.engine.store.accounts().await.unwrap() {
            count += self.engine.store.records(&account).await.unwrap().len();
        }
        count
    }

    /// The manual clock goes on to a moment, through everything that is due.
    pub async fn until(&self, to: &str) {
        let at: reckon::Moment = to.parse().unwrap();
        while let Some(due) = self.engine.store.next_due().await.unwrap().filter(|due| *due <= at) {
            self.clock.move_to(due.max(self.engine.now()));
            self.engine.settle().await.unwrap();
        }
        self.clock.move_to(at);
        self.engine.settle().await.unwrap();
    }
}
