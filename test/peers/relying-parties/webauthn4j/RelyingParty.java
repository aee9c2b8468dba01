import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.anchor.TrustAnchorRepository;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecord;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.authenticator.AAGUID;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.COSEKey;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.util.Base64UrlUtil;
import com.webauthn4j.verifier.attestation.statement.none.NoneAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.statement.packed.PackedAttestationStatementVerifier;
import com.webauthn4j.verifier.attestation.trustworthiness.certpath.DefaultCertPathTrustworthinessVerifier;
import com.webauthn4j.verifier.attestation.trustworthiness.self.DefaultSelfAttestationTrustworthinessVerifier;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** webauthn4j as a relying party: one question a line in JSON, one verdict a line. */
public final class RelyingParty {
  private final ObjectConverter converter = new ObjectConverter();

  public static void main(String[] arguments) throws Exception {
    RelyingParty party = new RelyingParty();
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      System.out.println(party.converter.getJsonConverter().writeValueAsString(party.judge(line)));
    }
  }

  private Map<String, Object> judge(String line) {
    JsonNode question = converter.getJsonMapper().readTree(line);
    try {
      return question.has("record") ? signIn(question) : register(question);
    } catch (Exception error) {
      return Map.of("refused", error.getClass().getSimpleName() + ": " + error.getMessage());
    }
  }

  private Map<String, Object> register(JsonNode question) throws CertificateException {
    JsonNode options = question.get("options");
    var verified = managerTrusting(rootsOf(question)).verifyRegistrationResponseJSON(
        question.get("response").toString(),
        new RegistrationParameters(
            serverOf(question, options.get("rp").get("id").asString()),
            algorithmsOf(options),
            question.get("userVerified").asBoolean()));
    var attestation = verified.getAttestationObject();
    var data = attestation.getAuthenticatorData();
    var credential = data.getAttestedCredentialData();
    return Map.of(
        "format", attestation.getFormat(),
        "record", Map.of(
            "id", encode(credential.getCredentialId()),
            "publicKey", encode(converter.getCborConverter().writeValueAsBytes(credential.getCOSEKey())),
            "counter", data.getSignCount(),
            "backupEligible", data.isFlagBE(),
            "backedUp", data.isFlagBS()));
  }

  private Map<String, Object> signIn(JsonNode question) throws CertificateException {
    JsonNode options = question.get("options");
    var verified = managerTrusting(Set.of()).verifyAuthenticationResponseJSON(
        question.get("response").toString(),
        new AuthenticationParameters(
            serverOf(question, options.get("rpId").asString()),
            recordOf(question.get("record")),
            allowedBy(options),
            question.get("userVerified").asBoolean()));
    return Map.of(
        "id", encode(verified.getCredentialId()),
        "counter", verified.getAuthenticatorData().getSignCount());
  }

  private WebAuthnManager managerTrusting(Set<TrustAnchor> roots) {
    TrustAnchorRepository repository = new TrustAnchorRepository() {
      @Override
      public Set<TrustAnchor> find(AAGUID aaguid) {
        return roots;
      }

      @Override
      public Set<TrustAnchor> find(byte[] attestationCertificateKeyIdentifier) {
        return roots;
      }
    };
    return new WebAuthnManager(
        List.of(new NoneAttestationStatementVerifier(), new PackedAttestationStatementVerifier()),
        new DefaultCertPathTrustworthinessVerifier(repository),
        new DefaultSelfAttestationTrustworthinessVerifier(),
        converter);
  }

  private static Set<TrustAnchor> rootsOf(JsonNode question) throws CertificateException {
    var factory = CertificateFactory.getInstance("X.509");
    var roots = new HashSet<TrustAnchor>();
    for (JsonNode pem : question.get("roots")) {
      var bytes = new ByteArrayInputStream(pem.asString().getBytes(StandardCharsets.US_ASCII));
      roots.add(new TrustAnchor((X509Certificate) factory.generateCertificate(bytes), null));
    }
    return roots;
  }

  private static ServerProperty serverOf(JsonNode question, String rpId) {
    byte[] challenge = decode(question.get("options").get("challenge"));
    return ServerProperty.builder()
        .origin(new Origin(question.get("origin").asString()))
        .rpId(rpId)
        .challenge(new DefaultChallenge(challenge))
        .build();
  }

  private static List<PublicKeyCredentialParameters> algorithmsOf(JsonNode options) {
    var algorithms = new ArrayList<PublicKeyCredentialParameters>();
    for (JsonNode each : options.get("pubKeyCredParams")) {
      var algorithm = COSEAlgorithmIdentifier.create(each.get("alg").asLong());
      algorithms.add(new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, algorithm));
    }
    return algorithms;
  }

  /** What the options name; null where they leave it to the phone. */
  private static List<byte[]> allowedBy(JsonNode options) {
    if (options.path("allowCredentials").isEmpty()) {
      return null;
    }
    var allowed = new ArrayList<byte[]>();
    for (JsonNode each : options.get("allowCredentials")) {
      allowed.add(decode(each.get("id")));
    }
    return allowed;
  }

  private CredentialRecord recordOf(JsonNode record) {
    COSEKey key = converter.getCborConverter().readValue(decode(record.get("publicKey")), COSEKey.class);
    return new CredentialRecordImpl(
        new NoneAttestationStatement(),
        true,
        record.get("backupEligible").asBoolean(),
        record.get("backedUp").asBoolean(),
        record.get("counter").asLong(),
        new AttestedCredentialData(AAGUID.ZERO, decode(record.get("id")), key),
        null,
        null,
        null,
        null);
  }

  private static byte[] decode(JsonNode base64url) {
    return Base64UrlUtil.decode(base64url.asString());
  }

  private static String encode(byte[] bytes) {
    return Base64UrlUtil.encodeToString(bytes);
  }
}
