/// @file
/// Delivers what is due.

#ifndef TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_DISPATCH
#define TLSRPT_EXAMPLES_REPORTER_SEND_DELIVERY_DISPATCH

#include "../options.hpp"
#include "../state.hpp"

namespace reporter {

/// Makes an attempt of each delivery whose time has come, and keeps what came of it. Whether all
/// could be done that is to be done here.
bool deliver(const options& options, state& state);

}  // namespace reporter

#endif
