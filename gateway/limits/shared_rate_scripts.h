#pragma once

#include "gateway/ports/shared_store.h"

namespace delta::limits {

// What a shared store counts, in Lua for Redis 5 or newer and Valkey. All numbers are whole and below 2^53.
//
// A window is a hash: `s` is its sum, `c` the number of the step in which it last changed, and each other
// field the amount of one step, as in SlidingSum: a step counts until sixty have passed after it. Slots are a
// sorted set of calls by the end of their lease. Time is the server's. A key that is no such thing, or that
// says what cannot be, counts as one that is not there.

/// Lets a call through by all of its rules or by none.
/// Keys: one for each rule. Arguments: the call's name, its lease in ms; then for each rule the length of a
/// step in ms (0: slots), the limit, and what the call takes.
/// Returns: the number of the rule that has room last, 0 if all have; the time in ms; until there is room,
/// in ms; then for each rule what is used of it now, and until nothing is, in ms.
[[nodiscard]] ports::SharedScript admitScript();

/// Changes what a call counts.
/// Keys: one for each rule that changes. Arguments: the call's name, when it was let through; then for each
/// rule the length of a step (0: slots, of which the call's is freed), and the change. A negative one is as
/// of the time when the call was let through, any other as of now.
/// Returns: nothing.
[[nodiscard]] ports::SharedScript settleScript();

/// Begins the lease of slots anew.
/// Keys: one for each slot. Arguments: the lease in ms; then for each slot its call's name. Returns: nothing.
[[nodiscard]] ports::SharedScript renewScript();

} // namespace delta::limits
