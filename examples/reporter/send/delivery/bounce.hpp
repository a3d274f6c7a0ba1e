/// @file
/// Mails that come back: each mail has an envelope sender of its own, by which one knows whose it
/// was.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_BOUNCE
#define TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_BOUNCE

#include <istream>
#include <string>
#include <string_view>

#include "../state.hpp"

namespace reporter {

/// "bounces+17.0123abcd@example.net": the address with the number of a delivery, and with a proof
/// that it was this program which sent it.
std::string bounce_address(std::string_view bounces, const tlsrpt::delivery_salt& salt,
                           const delivery& one);

/// Takes a mail that came to such an address. When it says that the delivery has failed, not only
/// that it takes longer, nothing is sent to the endpoint for some days. Throws std::runtime_error
/// for an address of nobody.
void take_bounce(std::string_view address, std::istream& mail, std::int64_t now, state& state);

}  // namespace reporter

#endif
