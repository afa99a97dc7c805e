#pragma once

#include "gateway/telemetry/process_stats.h"

#include <QByteArray>

#include <chrono>
#include <functional>
#include <vector>

namespace delta::telemetry {

/// How often configurations from one source were loaded with one result.
struct ReloadCount {
    QByteArray source; ///< What asked for it: "signal", "admin", "file".
    QByteArray result; ///< "success" or "failure".
    qint64 count = 0;
};

/// How often something happened to alerts in one channel.
struct AlertCount {
    QByteArray channel; ///< "webhook", "slack", "email".
    QByteArray result;  ///< "delivered", "failed" (an attempt), "given_up".
    qint64 count = 0;
};

/// What became of what calls asked and were answered, where it was to be kept.
struct ContentCount {
    QByteArray result; ///< "stored", "dropped" (there was no room) or "failed".
    qint64 count = 0;
};

/// Where a scrape gets the figures that others keep. A source that is absent leaves its metric out.
/// Called on the thread of the scrape: each must be safe there and must not wait.
struct GaugeSources {
    std::function<qint64()> inFlightRequests = {};
    std::function<qint64()> connections = {};
    /// Age of the oldest entry that the store lacks.
    std::function<std::chrono::microseconds()> journalLag = {};
    std::function<qint64()> journalBacklogBytes = {};
    std::function<qint64()> ledgerOpenCalls = {};
    std::function<qint64()> redisUp = {};            ///< One or zero; absent without Redis.
    std::function<qint64()> redisDegradedCalls = {}; ///< Likewise.
    std::function<qint64()> storeListening = {};     ///< One or zero; absent without PostgreSQL.
    std::function<qint64()> storeNotifications = {}; ///< Likewise.
    std::function<qint64()> lostGateways = {};       ///< Likewise.
    std::function<qint64()> logLinesDropped = {};
    std::function<std::vector<ReloadCount>()> configReloads = {};
    std::function<std::vector<AlertCount>()> alerts = {};
    std::function<qint64()> alertsQueued = {};
    std::function<std::vector<ContentCount>()> callContents = {};
    std::function<ProcessStats()> process = {};
};

} // namespace delta::telemetry
