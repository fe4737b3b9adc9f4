#include "net/tls_text.hpp"

#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace usher::detail {

namespace asio = boost::asio;

namespace {

const char* reason_of(long verdict)
{
    switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "it, or an authority above it, has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return "it, or an authority above it, is not valid yet; or the clock here is wrong";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return "it is self-signed, and not among the authorities that are trusted";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return "the authority at the root of its chain is not trusted";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return "its chain does not reach an authority that is trusted: that authority is unknown here, or the server "
               "leaves out an intermediate certificate";
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return "its signature is wrong";
    case X509_V_ERR_CA_MD_TOO_WEAK:
        return "it, or an authority above it, is signed with a hash that is too weak, such as SHA-1";
    case X509_V_ERR_EE_KEY_TOO_SMALL:
        return "its key is too short";
    case X509_V_ERR_CA_KEY_TOO_SMALL:
        return "the key of an authority above it is too short";
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_INVALID_NON_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
        return "it was signed with a certificate that is no authority";
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
        return "an authority above it may not have authorities below";
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
        return "an authority above it may not issue certificates for its names";
    case X509_V_ERR_INVALID_PURPOSE:
        return "it is not meant for a server (extended key usage)";
    case X509_V_ERR_CERT_REVOKED:
        return "it, or an authority above it, was revoked";
    case X509_V_ERR_UNABLE_TO_GET_CRL:
        return "no revocation list of an authority in its chain was given";
    case X509_V_ERR_CRL_HAS_EXPIRED:
        return "the revocation list of an authority in its chain has expired";
    case X509_V_ERR_CRL_NOT_YET_VALID:
        return "the revocation list of an authority in its chain is not valid yet";
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
    case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
        return "the revocation list of an authority in its chain is not signed by that authority";
    default:
        return X509_verify_cert_error_string(verdict);
    }
}

} // namespace

std::string verdict_text(long verdict, const std::string& host)
{
    if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH)
        return "certificate refused: it is not for " + host;
    return std::string("certificate refused: ") + reason_of(verdict);
}

std::string handshake_text(const boost::system::error_code& code)
{
    if (code.category() != asio::error::get_ssl_category())
        return "the connection broke during the TLS handshake";
    const char* known = nullptr;
    switch (ERR_GET_REASON(static_cast<unsigned long>(static_cast<unsigned>(code.value())))) {
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
        known = "the server speaks no TLS version from 1.2 on";
        break;
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_UNEXPECTED_MESSAGE:
        known = "what answered does not speak TLS";
        break;
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
    case SSL_R_NO_CIPHERS_AVAILABLE:
    case SSL_R_WRONG_CIPHER_RETURNED:
    case SSL_R_UNKNOWN_CIPHER_RETURNED:
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
        known = "the server offers no cipher suite that is strong enough";
        break;
    case SSL_R_DH_KEY_TOO_SMALL:
    case SSL_R_EE_KEY_TOO_SMALL:
    case SSL_R_BAD_ECPOINT:
        known = "the server's key is too short";
        break;
    case SSL_R_WRONG_SIGNATURE_TYPE:
    case SSL_R_CA_MD_TOO_WEAK:
        known = "the server signs with an algorithm that is too weak";
        break;
    case SSL_R_TLSV1_UNRECOGNIZED_NAME:
        known = "the server does not know this host name";
        break;
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
        known = "the server wants a certificate of the client";
        break;
    default:
        break;
    }
    return "the TLS handshake failed" + (known == nullptr ? std::string() : std::string(": ") + known);
}

} // namespace usher::detail
