#include "gateway/telemetry/access_log.h"

#include "gateway/telemetry/log_writer.h"

namespace delta::telemetry {

namespace {

LogLevel levelOf(const SpendEntry &entry)
{
    const bool isTrouble = entry.status >= 500 || entry.outcome == Outcome::Recovered;
    return isTrouble ? LogLevel::Warning : LogLevel::Info;
}

void addText(LogRecord &record, LogKey key, const QByteArray &text)
{
    if (!text.isEmpty()) {
        record.fields.push_back({key, text});
    }
}

void addDuration(LogRecord &record, LogKey key, std::chrono::microseconds duration)
{
    if (duration.count() >= 0) {
        record.fields.push_back({key, duration});
    }
}

void addUsage(LogRecord &record, const SpendEntry &entry)
{
    if (entry.usageSource == UsageSource::None) {
        return;
    }
    record.fields.push_back({"input_tokens", entry.usage.inputTokens});
    record.fields.push_back({"output_tokens", entry.usage.outputTokens});
    record.fields.push_back({"cost_usd", entry.cost});
    record.fields.push_back({"usage_source", QByteArrayView(enumName(entry.usageSource))});
}

} // namespace

AccessLog::AccessLog(LogWriter &writer, const LogSettings &settings)
    : m_writer(writer)
    , m_isOn(settings.logsCalls && settings.level <= LogLevel::Info)
{
}

void AccessLog::write(const SpendEntry &entry) const
{
    if (m_isOn) {
        m_writer.post(entry);
    }
}

LogRecord callRecord(const SpendEntry &entry)
{
    LogRecord record;
    record.time = entry.endedAt();
    record.level = levelOf(entry);
    record.category = "delta.calls";
    record.message = "call";
    record.fields.reserve(22);
    addText(record, "request_id", entry.requestId);
    addText(record, "client_request_id", entry.clientRequestId);
    addText(record, "operation", entry.operation);
    addText(record, "key_id", entry.keyId);
    addText(record, "user_id", entry.userId);
    addText(record, "team_id", entry.teamId);
    addText(record, "model", entry.model);
    addText(record, "deployment", entry.deploymentId);
    addText(record, "provider", entry.provider);
    record.fields.push_back({"status", entry.status});
    record.fields.push_back({"outcome", QByteArrayView(enumName(entry.outcome))});
    addText(record, "error_code", entry.errorCode);
    record.fields.push_back({"stream", entry.isStream});
    addDuration(record, "latency_ms", entry.latency);
    addDuration(record, "ttft_ms", entry.timeToFirst);
    addDuration(record, "upstream_ms", entry.upstreamLatency);
    addUsage(record, entry);
    return record;
}

} // namespace delta::telemetry
