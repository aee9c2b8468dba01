//! A laptop made of libwebauthn, for the tests of this project.
fn main() {}
