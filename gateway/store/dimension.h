#pragma once

namespace delta::store {

/// What the sums of spend_rollups are grouped by. The numbers are those of the table.
enum class Dimension {
    All = 0,
    Key = 1,
    User = 2,
    Team = 3,
    Organization = 4,
    Model = 5,
    Deployment = 6,
    Provider = 7,
    Tag = 8,
    Status = 9,
    EndUser = 10,
    Mix = 11, ///< Organisation, model, deployment, provider and status together; see MixTable.
};

/// How long the slots of spend_rollups are, in seconds; the only one of a key that has all of its calls is 0 long.
inline constexpr int hourSlot = 3'600;
inline constexpr int daySlot = 86'400;
inline constexpr int everSlot = 0;

} // namespace delta::store
