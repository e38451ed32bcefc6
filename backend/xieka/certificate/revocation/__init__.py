"""Whether a certificate has been revoked: OCSP and CRLs, asked over the network and kept until they are outdated."""
