use serde::Serialize;
use std::{collections::BTreeMap, time::Duration};

#[derive(Serialize)]
struct Request<B> {
    method: String,
    path: String,
    query: Option<BTreeMap<String, String>>,
    body: Option<B>,
    headers: Option<BTreeMap<String, String>>,
    timeout: Option<Duration>,
}

fn show<B: Serialize>(name: &str, r: &Request<B>) {
    let hex = |v: Vec<u8>| v.iter().map(|b| format!("{b:02x}")).collect::<String>();
    println!("rust-{name} {}", hex(rmp_serde::to_vec_named(r).unwrap()));
}

fn main() {
    let map = |k: &str, v: &str| Some(BTreeMap::from([(k.to_string(), v.to_string())]));
    let auth = || map("Authorization", "Bot TOKEN");
    show::<Vec<u8>>("get", &Request { method: "GET".into(), path: "/users/1234".into(), query: map("foo", "bar"), body: None, headers: auth(), timeout: None });
    show("post-array", &Request { method: "POST".into(), path: "/channels/1234/messages".into(), query: None, body: Some(vec![0u8, 1, 127, 128, 200, 255]), headers: auth(), timeout: Some(Duration::new(5, 250_000_000)) });
    show("post-bin", &Request { method: "POST".into(), path: "/channels/1234/messages".into(), query: None, body: Some(serde_bytes::ByteBuf::from(vec![0u8, 1, 127, 128, 200, 255])), headers: auth(), timeout: Some(Duration::from_secs(5)) });
}
