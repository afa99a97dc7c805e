#include "gateway/config/key_tables.h"
#include "gateway/config/scalar_text.h"
#include "gateway/net/header_rules.h"

#include <array>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

using http::EdgeSettings;
using ledger::LedgerSettings;
using telemetry::LogSettings;

constexpr qint64 kibibyte = 1LL << 10;
constexpr qint64 mebibyte = 1LL << 20;
constexpr Limits count{1, 10'000'000};
constexpr Limits countOrNone{0, 10'000'000};

/// Takes "address:port" or ":port" for every address; an IPv6 address stands in brackets.
void readListen(const Value &value, const Limits &, ConfigDraft &draft)
{
    const auto text = value.text();
    if (!text) {
        return;
    }
    const qsizetype colon = text->lastIndexOf(u':');
    const QString host = text->first(qMax<qsizetype>(colon, 0));
    const auto port = parseInteger(QStringView(*text).sliced(colon + 1));
    const bool isBracketed = host.startsWith(u'[') && host.endsWith(u']');
    const bool isAmbiguous = host.contains(u':') && !isBracketed;
    if (colon < 0 || isAmbiguous || !port || *port < 0 || *port > 65'535) {
        value.fail(u"must be address:port such as 127.0.0.1:8000, [::]:8000 or :8000, not %1"_s.arg(
            value.shown()));
        return;
    }
    draft.config.listen = *text;
}

void readCorsOrigin(const Value &value, const Limits &limits, ConfigDraft &draft)
{
    QByteArray origin;
    read(value, limits, origin);
    if (!net::isHeaderValue(origin)) {
        value.fail(u"holds a control character"_s);
        return;
    }
    draft.config.edge.corsAllowOrigin = origin;
}

template <auto Member>
constexpr Key<ConfigDraft> edge(QLatin1StringView name, QLatin1StringView meaning,
                                Limits limits = {})
{
    return setting<&Config::edge, Member>(name, meaning, limits);
}

constexpr std::array serverKeys{
    Key<ConfigDraft>{.name = "listen"_L1,
                     .meaning = "Address and port of the gateway."_L1,
                     .type = "address:port"_L1,
                     .read = readListen},
    setting<&Config::workerThreads>("worker_threads"_L1, "Event loops; 0 is one per core."_L1,
                                    {0, 1'024}),
    setting<&Config::drainTimeout>("drain_timeout"_L1,
                                   "How long calls may finish after SIGTERM."_L1, {0, oneDay}),
    edge<&EdgeSettings::maxBodyBytes>("max_body_bytes"_L1,
                                      "Largest request body; beyond it: 413."_L1,
                                      {kibibyte, 4'096 * mebibyte}),
    edge<&EdgeSettings::maxBufferedBodyBytes>(
        "max_buffered_body_bytes"_L1,
        "Bodies of all clients that are still arriving; beyond it: 503; 0 is no limit."_L1,
        {0, oneTebibyte}),
    edge<&EdgeSettings::maxHeadBytes>("max_head_bytes"_L1,
                                      "Request line and headers together; beyond: 431."_L1,
                                      {kibibyte, mebibyte}),
    edge<&EdgeSettings::maxHeaderFields>("max_header_fields"_L1, "Header fields; beyond: 431."_L1,
                                         {1, 10'000}),
    edge<&EdgeSettings::maxUrlBytes>("max_url_bytes"_L1, "Request target; beyond: 414."_L1,
                                     {64, mebibyte}),
    edge<&EdgeSettings::headTimeout>("head_timeout"_L1,
                                     "From the first to the last byte of a head; beyond: 408."_L1,
                                     anyDuration),
    edge<&EdgeSettings::bodyTimeout>("body_timeout"_L1,
                                     "Longest pause within a body; beyond: 408."_L1, anyDuration),
    edge<&EdgeSettings::minBodyBytesPerSecond>(
        "min_body_rate"_L1,
        "Slowest body in bytes per second, in each body_timeout; below: 408; 0 is any rate."_L1,
        {0, 1'024 * mebibyte}),
    edge<&EdgeSettings::idleTimeout>("idle_timeout"_L1, "Between two requests of a connection."_L1,
                                     anyDuration),
    edge<&EdgeSettings::writeTimeout>(
        "write_timeout"_L1, "How long a client may take nothing of its reply."_L1, anyDuration),
    edge<&EdgeSettings::maxConnections>("max_connections"_L1, "Of all clients; beyond: 503."_L1,
                                        count),
    edge<&EdgeSettings::maxConnectionsPerAddress>(
        "max_connections_per_address"_L1,
        "Of one client address, or /64 of IPv6; beyond: 503; 0 is no cap."_L1, countOrNone),
    edge<&EdgeSettings::maxRequestsPerConnection>("max_requests_per_connection"_L1,
                                                  "Then the connection closes; 0 is no cap."_L1,
                                                  countOrNone),
    edge<&EdgeSettings::highWatermark>(
        "high_watermark"_L1, "Unsent bytes of a reply at which the provider is held back."_L1,
        {kibibyte, 64 * mebibyte}),
    edge<&EdgeSettings::tlsCertificateFile>("tls_certificate_file"_L1,
                                            "PEM chain; absent: plain HTTP."_L1),
    edge<&EdgeSettings::tlsKeyFile>("tls_key_file"_L1, "PEM key of that certificate."_L1),
    Key<ConfigDraft>{.name = "cors_allow_origin"_L1,
                     .meaning = "Origin whose web pages may call the gateway; absent: none."_L1,
                     .type = "text"_L1,
                     .read = readCorsOrigin},
};

template <auto Member>
constexpr Key<ConfigDraft> ledger(QLatin1StringView name, QLatin1StringView meaning,
                                  Limits limits = {})
{
    return setting<&Config::ledger, Member>(name, meaning, limits);
}

constexpr std::array ledgerKeys{
    ledger<&LedgerSettings::directory>("directory"_L1,
                                       "Of the journal; absent: in the state folder."_L1),
    ledger<&LedgerSettings::durability>(
        "durability"_L1,
        "grouped: synced within sync_interval; strict: synced before every answer ends."_L1),
    ledger<&LedgerSettings::syncInterval>(
        "sync_interval"_L1, "What a power cut can cost when grouped."_L1, {1, 10'000}),
    ledger<&LedgerSettings::applyInterval>("apply_interval"_L1,
                                           "Between two batches to the database."_L1, {1, 60'000}),
    ledger<&LedgerSettings::segmentBytes>("segment_bytes"_L1, "Size of a journal file."_L1,
                                          {64 * kibibyte, 1'024 * mebibyte}),
    ledger<&LedgerSettings::maxBacklogBytes>(
        "max_backlog_bytes"_L1, "Journal not yet in the database at which calls are refused."_L1,
        {mebibyte, oneTebibyte}),
};

template <auto Member>
constexpr Key<ConfigDraft> logging(QLatin1StringView name, QLatin1StringView meaning)
{
    return setting<&Config::log, Member>(name, meaning);
}

constexpr std::array loggingKeys{
    logging<&LogSettings::sink>(
        "sink"_L1, "Where log lines go; auto: journald if there, else JSON on stderr."_L1),
    logging<&LogSettings::level>("level"_L1, "Least level that is logged; wins over log_level."_L1),
    logging<&LogSettings::logsCalls>("calls"_L1, "One line for each call."_L1),
};

} // namespace

constinit const Table<ConfigDraft> serverTable{serverKeys};
constinit const Table<ConfigDraft> ledgerTable{ledgerKeys};
constinit const Table<ConfigDraft> loggingTable{loggingKeys};

} // namespace delta::config
