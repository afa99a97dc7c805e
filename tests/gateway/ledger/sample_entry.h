#pragma once

#include "shared/models/spend_entry.h"

#include <QByteArray>

#include <chrono>

namespace delta::test {

/// Makes an entry in which every member has a value of its own, so that swapped members are
/// noticed.
inline SpendEntry sampleEntry(const QByteArray &requestId)
{
    SpendEntry entry;
    entry.requestId = requestId;
    entry.clientRequestId = "client-1";
    entry.operation = "chat_completion";
    entry.keyId = "key00001";
    entry.userId = "user-1";
    entry.teamId = "team-1";
    entry.organizationId = "org-1";
    entry.tags = "blue\nteam tag";
    entry.endUser = "end-user";
    entry.model = "gpt-x";
    entry.deploymentId = "gpt-x-0";
    entry.provider = "some-provider";
    entry.upstreamModel = "x-large";
    entry.startedAt = WallTime(std::chrono::milliseconds(1'780'000'000'123));
    entry.latency = std::chrono::microseconds(123'456);
    entry.timeToFirst = std::chrono::microseconds(45'678);
    entry.upstreamLatency = std::chrono::microseconds(120'000);
    entry.usage = {1000, 200, 300, 40, 50, 6, 7, 8};
    entry.usageSource = UsageSource::Reported;
    entry.cost = Money::fromNanos(1'234'567);
    entry.isPriced = true;
    entry.isStream = true;
    entry.outcome = Outcome::Succeeded;
    entry.status = 200;
    entry.errorCode = "some_code";
    return entry;
}

/// Makes an entry that differs from the sample in what a ledger adds up.
inline SpendEntry sampleEntry(const QByteArray &requestId, Money cost)
{
    SpendEntry entry = sampleEntry(requestId);
    entry.cost = cost;
    return entry;
}

} // namespace delta::test
