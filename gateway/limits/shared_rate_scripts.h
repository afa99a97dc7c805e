#pragma once

#include "gateway/ports/shared_store.h"

namespace delta::limits {

// What a shared store counts, in Lua for Redis 5 or newer and Valkey. All numbers are whole and below 2^53.
//
// The windows of a scope are one hash. A window counts requests and tokens, and is named by the length of its
// step in ms. Its field has the step in which it last changed, then of requests and of tokens the sum and what
// is of that step: "29406033 5 1 800 120". What older steps hold is in a second field, the name with a '+',
// oldest first, as step:requests:tokens: ";29405999:1:300;29406001:3:380". A step counts until sixty have
// passed after it, as in SlidingSum. Most calls need the first field only, and write nothing else.
//
// Slots are a sorted set of calls by the end of their lease. Time is the server's. A key or a field that is
// no such thing, or that says what cannot be, counts as one that is not there.

/// Lets a call through by all of its rules or by none.
/// Keys: hashes and sorted sets. Arguments: the call's name, its lease in ms, the tokens it takes; then for
/// each key the number of its windows, their names, and for each of them the limits of requests and of tokens,
/// empty where there is none; of slots 0 and the limit.
/// Returns: the number of the limit that has room last, 0 if all have; the time in ms; until there is room,
/// in ms; then for each limit what is used of it now, and until nothing is, in ms.
[[nodiscard]] ports::SharedScript admitScript();

/// Changes what a call counts.
/// Keys: those that change. Arguments: the call's name, when it was let through; then for each key the number
/// of its windows, their names, and for each of them the changes of requests and of tokens; of slots 0, and
/// the call's is freed. A change is as of the time when the call was let through if it is negative, otherwise
/// as of now.
/// Returns: nothing.
[[nodiscard]] ports::SharedScript settleScript();

/// Begins the lease of slots anew.
/// Keys: one for each slot. Arguments: the lease in ms; then for each slot its call's name. Returns: nothing.
[[nodiscard]] ports::SharedScript renewScript();

} // namespace delta::limits
