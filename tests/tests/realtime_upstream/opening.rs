//! Opening: what the handshake says, how each refusal is told, and which key goes where.

use super::*;

#[tokio::test]
async fn the_handshake_names_the_model_and_the_key_and_never_the_beta() {
    let double = start(Script::new().requiring_key(KEY)).await;
    let mut connection = connect_to(&double).await.unwrap();
    until(&mut connection, "session.created").await;
    let recording = double.recording();
    assert_eq!(
        recording.header("authorization").as_deref(),
        Some(format!("Bearer {KEY}").as_str())
    );
    assert_eq!(recording.header("openai-beta"), None);
    let Some(Received::Handshake { path, .. }) = recording.all().into_iter().next() else {
        panic!("no handshake")
    };
    assert_eq!(path, "/v1/realtime?model=gpt-realtime-2.1");
}

#[tokio::test]
async fn azure_gets_its_key_in_its_own_header_and_the_deployment_as_model() {
    let double = start(Script::new().requiring_key(KEY)).await;
    let endpoint = Endpoint::azure(&double.base_url(), "front-desk").unwrap();
    let model = RealtimeModel::new(endpoint, Some(SecretString::from(KEY))).unwrap();
    let mut connection = model.connect().await.unwrap();
    until(&mut connection, "session.created").await;
    assert_eq!(double.recording().header("api-key").as_deref(), Some(KEY));
    assert_eq!(double.recording().header("authorization"), None);
    let Some(Received::Handshake { path, .. }) = double.recording().all().into_iter().next() else {
        panic!("no handshake")
    };
    assert_eq!(path, "/openai/v1/realtime?model=front-desk");
}

#[tokio::test]
async fn a_refused_handshake_is_told_in_peoples_words_without_the_key() {
    let body = |code: &str| format!("{{\"error\":{{\"code\":\"{code}\",\"message\":\"{KEY} is no good\"}}}}");
    let cases = [
        (401, body("invalid_api_key"), ProblemKind::BadKey),
        (401, String::new(), ProblemKind::BadKey),
        (
            403,
            body("unsupported_country_region_territory"),
            ProblemKind::ProviderFailed,
        ),
        (404, body("model_not_found"), ProblemKind::ModelGone),
        (404, "<html>not found</html>".to_owned(), ProblemKind::ModelGone),
        (429, body("rate_limit_exceeded"), ProblemKind::RateLimited),
        (429, body("insufficient_quota"), ProblemKind::NoQuota),
        (429, body("credit_balance_exhausted"), ProblemKind::NoQuota),
        (400, body("invalid_request_error"), ProblemKind::ProviderFailed),
        (302, String::new(), ProblemKind::ProviderFailed),
        (503, body("server_is_overloaded"), ProblemKind::RateLimited),
        (500, String::new(), ProblemKind::ProviderFailed),
    ];
    for (status, body, expected) in cases {
        let double = start(Script::new().refusing(status, &body)).await;
        let problem = connect_to(&double).await.err().unwrap();
        assert_eq!(problem.kind, expected, "{status} {body}: {problem}");
        assert!(!problem.sentence.contains("sk-"), "{problem}");
        assert_eq!(double.recording().connections(), 1, "a redirect must not be followed");
    }
}

/// Answers one request of any kind with these bytes. The double cannot do this: its library sends no successful status but the upgrade.
async fn answer_once(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap_or_else(|error| panic!("no loopback socket: {error}"));
    let address = listener.local_addr().unwrap_or_else(|error| panic!("{error}"));
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await?;
        // The request ends with an empty line; an answer before that would be a reset.
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") && socket.read_buf(&mut request).await? > 0 {}
        socket.write_all(answer).await?;
        socket.shutdown().await
    });
    format!("ws://{address}")
}

#[tokio::test]
async fn a_server_of_another_kind_is_told_as_that_and_not_as_offline() {
    let page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello".as_slice();
    let upgrade_to_something_else =
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n".as_slice();
    for answer in [
        page,
        upgrade_to_something_else,
        b"220 mail.example ESMTP\r\n".as_slice(),
    ] {
        let base = answer_once(answer).await;
        let problem = model_at(&base).connect().await.err().unwrap();
        assert_eq!(
            problem.kind,
            ProblemKind::ProviderFailed,
            "{}",
            String::from_utf8_lossy(answer)
        );
    }
}

#[tokio::test]
async fn a_wrong_azure_deployment_is_a_missing_model() {
    let double = start(Script::new().refusing(
        400,
        "{\"error\":{\"code\":\"OpperationNotSupported\",\"message\":\"x\"}}",
    ))
    .await;
    let endpoint = Endpoint::azure(&double.base_url(), "no-such-deployment").unwrap();
    let model = RealtimeModel::new(endpoint, Some(SecretString::from(KEY))).unwrap();
    assert_eq!(model.connect().await.err().unwrap().kind, ProblemKind::ModelGone);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_offline() {
    let double = start(Script::new()).await;
    let base = double.base_url();
    drop(double);
    // The listener is closed when its task has ended; until then a connection is accepted and dropped, which is offline too.
    let problem = model_at(&base).connect().await.err().unwrap();
    assert_eq!(problem.kind, ProblemKind::Offline);
    let problem = model_at("wss://no-such-host.invalid").connect().await.err().unwrap();
    assert_eq!(problem.kind, ProblemKind::Offline);
}

#[tokio::test]
async fn an_encrypted_address_at_an_unencrypted_server_fails_and_sends_no_key() {
    let double = start(Script::new()).await;
    let base = double.base_url().replace("ws://", "wss://");
    let problem = timeout(Duration::from_secs(60), model_at(&base).connect())
        .await
        .unwrap()
        .err()
        .unwrap();
    assert!(
        matches!(problem.kind, ProblemKind::ProviderFailed | ProblemKind::Offline),
        "{problem:?}"
    );
    assert_eq!(double.recording().connections(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_the_handshake_is_given_up_after_ten_seconds() {
    let (client, _held_open) = tokio::io::duplex(1_024);
    let began = Instant::now();
    let problem = model_at("ws://localhost:1").connect_over(client).await.err().unwrap();
    assert_eq!(problem.kind, ProblemKind::Offline);
    assert_eq!(began.elapsed().as_secs(), 10);
}

#[test]
fn a_key_goes_to_no_other_computer_unencrypted() {
    let model = |base: &str, key: &str| {
        RealtimeModel::new(Endpoint::compatible(base, "m").unwrap(), Some(SecretString::from(key)))
    };
    assert_eq!(
        model("ws://voice.example/v1", KEY).err().unwrap().kind,
        ProblemKind::SettingsInvalid
    );
    assert!(
        model("ws://voice.example/v1", "").is_ok(),
        "without a key there is nothing to protect"
    );
    assert!(model("wss://voice.example/v1", KEY).is_ok());
    assert_eq!(
        model("wss://voice.example/v1", "sk-1\r\nX-Evil: 1").err().unwrap().kind,
        ProblemKind::BadKey
    );
    let without = RealtimeModel::new(Endpoint::open_ai("m").unwrap(), None);
    assert_eq!(without.err().unwrap().kind, ProblemKind::NoKey);
}

#[test]
fn the_key_is_not_in_the_debug_text_of_a_model() {
    let text = format!("{:?}", model_at("wss://voice.example"));
    assert!(text.contains("voice.example") && !text.contains("sk-"), "{text}");
}
