"""What the embedded authority says about its certificates: OCSP answers (RFC 6960) and its list (RFC 5280)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtensionOID

from xieka_service.ca.embedded import SEAL_MAKER, EmbeddedAuthority, load_holder
from xieka_service.ca.ledger import Ledger
from xieka_service.ca.revoked import Revoked

OCSP_LIFE = timedelta(hours=1)
LIST_LIFE = timedelta(days=1)
MAX_REQUEST = 4096
"""Bytes; a question about one certificate has about 150."""
_NONCE = range(1, 129)
"""Bytes of a nonce that is given back (RFC 9654 §2.1)."""


class Status:
    """Signs with the issuing authority's own key."""

    def __init__(self, folder: Path) -> None:
        """Open the authority in `folder`. Raises OSError, ValueError when it is not there whole."""
        holder = load_holder(folder, "issuing")
        self._issuer: x509.Certificate = holder.certificate
        self._key: RSAPrivateKey = holder.key
        self._maker = load_holder(folder, SEAL_MAKER).certificate.serial_number
        self._ledger = Ledger(folder / EmbeddedAuthority.SERIALS)
        self._revoked = Revoked(folder / EmbeddedAuthority.REVOKED)

    @property
    def issuer(self) -> bytes:
        """DER of the issuing authority's certificate."""
        return self._issuer.public_bytes(serialization.Encoding.DER)

    def answer(self, question: bytes, now: datetime) -> bytes:
        """The answer to one OCSP request about one certificate; a refusal is an answer too. Raises OSError."""
        try:
            if len(question) > MAX_REQUEST:
                raise ValueError("too long")
            request = ocsp.load_der_ocsp_request(question)
            extensions = request.extensions
        except (ValueError, NotImplementedError, x509.DuplicateExtension):
            # cryptography reads requests about one certificate only; nobody asks for several.
            return _refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
        if not self._is_ours(request):
            return _refusal(ocsp.OCSPResponseStatus.UNAUTHORIZED)
        builder = self._answer(request, now).responder_id(ocsp.OCSPResponderEncoding.HASH, self._issuer)
        for extension in extensions:
            if isinstance(extension.value, x509.OCSPNonce) and len(extension.value.nonce) in _NONCE:
                builder = builder.add_extension(extension.value, critical=False)
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def crl(self, now: datetime) -> bytes:
        """DER of the list of everything that has been taken back. Raises OSError, ValueError."""
        now = now.replace(microsecond=0)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._issuer.subject)
            .last_update(now)
            .next_update(now + LIST_LIFE)
            # Made anew for everybody who asks: the second it is made in numbers it.
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .add_extension(_authority_key(self._issuer), critical=False)
        )
        for one in self._revoked.all():
            entry = x509.RevokedCertificateBuilder().serial_number(one.serial).revocation_date(one.at)
            if one.reason is not x509.ReasonFlags.unspecified:
                # RFC 5280, 5.3.1: unspecified is said by saying nothing.
                entry = entry.add_extension(x509.CRLReason(one.reason), critical=False)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _is_ours(self, request: ocsp.OCSPRequest) -> bool:
        try:
            own = ocsp.OCSPRequestBuilder().add_certificate(self._issuer, self._issuer, request.hash_algorithm).build()
        except (ValueError, UnsupportedAlgorithm):
            return False
        # The question names the issuer by two digests; those of a question about ourselves need the root's name.
        name = hashes.Hash(request.hash_algorithm)
        name.update(self._issuer.subject.public_bytes())
        return (request.issuer_name_hash, request.issuer_key_hash) == (name.finalize(), own.issuer_key_hash)

    def _answer(self, request: ocsp.OCSPRequest, now: datetime) -> ocsp.OCSPResponseBuilder:
        serial = request.serial_number
        revocation = self._revoked.get(serial) if serial > 0 else None
        issued = revocation is not None or serial == self._maker or self._ledger.is_bound(serial)
        status = ocsp.OCSPCertStatus.GOOD if issued else ocsp.OCSPCertStatus.UNKNOWN
        if revocation is not None:
            status = ocsp.OCSPCertStatus.REVOKED
        now = now.replace(microsecond=0)
        return ocsp.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=request.issuer_name_hash,
            issuer_key_hash=request.issuer_key_hash,
            serial_number=serial,
            algorithm=request.hash_algorithm,
            cert_status=status,
            this_update=now,
            next_update=now + OCSP_LIFE,
            revocation_time=revocation.at if revocation else None,
            revocation_reason=revocation.reason if revocation else None,
        )


def _refusal(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(serialization.Encoding.DER)


def _authority_key(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = issuer.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_KEY_IDENTIFIER).value
    if not isinstance(identifier, x509.SubjectKeyIdentifier):
        raise ValueError("no key identifier")
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
