#include "gateway/ledger/call_record.h"

#include "gateway/ledger/payload_reader.h"
#include "gateway/ledger/payload_writer.h"

namespace delta::ledger {

namespace {

/// Names the parts of a Usage once, for writing and for reading.
void visitUsage(auto &visitor, auto &usage)
{
    visitor.number(usage.inputTokens);
    visitor.number(usage.outputTokens);
    visitor.number(usage.cacheReadTokens);
    visitor.number(usage.cacheWriteTokens);
    visitor.number(usage.reasoningTokens);
    visitor.number(usage.audioInputTokens);
    visitor.number(usage.audioOutputTokens);
    visitor.number(usage.images);
}

/// Names the parts of an entry once. Their order is the file format: what is added is a new format and
/// stands at the end.
void visitEntry(auto &visitor, auto &entry, std::uint32_t format = journalFormat)
{
    visitor.text(entry.requestId);
    visitor.text(entry.clientRequestId);
    visitor.text(entry.operation);
    visitor.text(entry.keyId);
    visitor.text(entry.userId);
    visitor.text(entry.teamId);
    visitor.text(entry.endUser);
    visitor.text(entry.model);
    visitor.text(entry.deploymentId);
    visitor.text(entry.provider);
    visitor.text(entry.upstreamModel);
    visitor.time(entry.startedAt);
    visitor.duration(entry.latency);
    visitor.duration(entry.timeToFirst);
    visitor.duration(entry.upstreamLatency);
    visitUsage(visitor, entry.usage);
    visitor.enumeration(entry.usageSource);
    visitor.money(entry.cost);
    visitor.flag(entry.isPriced);
    visitor.flag(entry.isStream);
    visitor.enumeration(entry.outcome);
    visitor.number(entry.status);
    visitor.text(entry.errorCode);
    if (format >= 2) {
        visitor.text(entry.organizationId);
        visitor.text(entry.tags);
    }
}

constexpr qsizetype textsPerEntry = 14;
constexpr qsizetype numbersPerEntry = 20;
static_assert(textsPerEntry * (maxTextBytes + maxNumberBytes)
                  + (numbersPerEntry + 1) * maxNumberBytes
              <= maxPayloadBytes);

} // namespace

template <typename Fill>
RecordPayload RecordPayload::filled(Fill fill)
{
    RecordPayload payload;
    PayloadWriter writer(payload.m_bytes.data());
    fill(writer);
    payload.m_size = writer.size();
    return payload;
}

RecordPayload RecordPayload::ofOpen(const SpendEntry &facts)
{
    return filled([&facts](PayloadWriter &writer) { visitEntry(writer, facts); });
}

RecordPayload RecordPayload::ofSettle(std::uint64_t openOffset, const SpendEntry &entry)
{
    return filled([openOffset, &entry](PayloadWriter &writer) {
        writer.unsignedNumber(openOffset);
        visitEntry(writer, entry);
    });
}

RecordPayload RecordPayload::ofProgress(std::uint64_t openOffset, const CallProgress &progress)
{
    return filled([openOffset, &progress](PayloadWriter &writer) {
        writer.unsignedNumber(openOffset);
        visitUsage(writer, progress.usage);
        writer.money(progress.cost);
    });
}

RecordPayload RecordPayload::ofVoid(std::uint64_t openOffset)
{
    return filled([openOffset](PayloadWriter &writer) { writer.unsignedNumber(openOffset); });
}

std::optional<std::uint64_t> openOffsetOf(const RecordView &record)
{
    PayloadReader reader(record.payload);
    const std::uint64_t offset = reader.unsignedNumber();
    if (record.type == RecordType::Open || !reader.isSound()) {
        return std::nullopt;
    }
    return offset;
}

std::optional<SpendEntry> entryOf(const RecordView &record)
{
    PayloadReader reader(record.payload);
    if (record.type == RecordType::Settle) {
        reader.unsignedNumber();
    }
    SpendEntry entry;
    visitEntry(reader, entry, record.format);
    if (!reader.isAtEnd()) {
        return std::nullopt;
    }
    return entry;
}

std::optional<CallProgress> progressOf(const RecordView &record)
{
    PayloadReader reader(record.payload);
    reader.unsignedNumber();
    CallProgress progress;
    visitUsage(reader, progress.usage);
    reader.money(progress.cost);
    if (!reader.isAtEnd()) {
        return std::nullopt;
    }
    return progress;
}

} // namespace delta::ledger
