// Why TLS failed, in words for a person who runs a server.
#ifndef USHER_NET_TLS_TEXT_HPP
#define USHER_NET_TLS_TEXT_HPP

#include <boost/system/error_code.hpp>

#include <string>

namespace usher::detail {

/// For a certificate that was refused: `verdict` is one of X509_V_ERR_….
std::string verdict_text(long verdict, const std::string& host);
/// For every other failure of a handshake.
std::string handshake_text(const boost::system::error_code& code);

} // namespace usher::detail

#endif
