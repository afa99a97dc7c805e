#pragma once

#include "gateway/auth/key_format.h"
#include "gateway/ledger/system_disk.h"
#include "gateway/net/epoll_dispatcher.h"
#include "gateway/pipeline/completion_pipeline.h"
#include "gateway/providers/providers.h"
#include "gateway/telemetry/log_target.h"
#include "gateway/telemetry/log_writer.h"
#include "gateway/telemetry/metrics.h"
#include "tests/support/manual_upstream.h"
#include "tests/support/recorded_reply.h"

#include <QTemporaryDir>

#include <array>
#include <mutex>
#include <vector>

namespace delta::test {

/// A spend store in memory that keeps what was posted.
class PostedSpend final : public ports::SpendStore
{
public:
    Result<ports::JournalPosition> journalPosition() override
    {
        return m_position;
    }
    Result<void> apply(const std::vector<ports::PostedEntry> &entries,
                       ports::JournalPosition position) override
    {
        const std::scoped_lock lock(m_mutex);
        m_position = position;
        for (const ports::PostedEntry &entry : entries) {
            m_entries.push_back(entry.entry);
        }
        return {};
    }
    [[nodiscard]] std::vector<SpendEntry> entries() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_entries;
    }

private:
    mutable std::mutex m_mutex;
    ports::JournalPosition m_position;
    std::vector<SpendEntry> m_entries;
};

/// A log target that keeps nothing.
class NoLog final : public telemetry::LogTarget
{
public:
    std::size_t write(std::span<const telemetry::LogRecord>) override
    {
        return 0;
    }
};

/// Returns an endpoint of the provider that the manual upstream plays, priced 1 and 2 USD per
/// million tokens.
[[nodiscard]] inline ports::Endpoint playedEndpoint(const QString &model)
{
    ports::Endpoint endpoint;
    endpoint.deployment.id = model + QStringLiteral("-0");
    endpoint.deployment.modelName = model;
    endpoint.deployment.provider = QStringLiteral("custom_openai");
    endpoint.deployment.upstreamModel = QStringLiteral("up");
    endpoint.deployment.apiBase = QStringLiteral("http://played.test/v1");
    endpoint.deployment.pricing.base.input = 1'000'000;
    endpoint.deployment.pricing.base.output = 2'000'000;
    endpoint.apiKey = Secret("sk-provider");
    return endpoint;
}

/// The whole pipeline of one thread with real parts; only the provider, the client and the store
/// are played. The thread's loop is an EpollDispatcher's.
class PipelineRig
{
public:
    static constexpr QByteArrayView masterKey = "sk-master-for-the-tests-0123456789";

    explicit PipelineRig(
        std::vector<ports::Endpoint> endpoints = {playedEndpoint(QStringLiteral("m"))},
        const ledger::LedgerSettings &settings = {})
        : ledger(*ledger::Ledger::start(here(settings), {store, disk, clock}))
        , pepper(std::span<const std::byte, 32>(pepperBytes()))
        , authenticator({keys, pepper, clock}, Secret(masterKey.toByteArray()))
        , snapshots(snapshotOf(std::move(endpoints)))
        , metrics({"test", 1000}, {})
        , logWriter(std::make_unique<NoLog>())
        , accessLog(logWriter, {})
        , parts{authenticator, permissions, snapshots,
                upstream,      *ledger,     budgets,
                rates,         rateLimits,  metrics.makeRecorder(),
                accessLog,     clock,       loop,
                inFlight}
        , pipeline(std::make_unique<pipeline::CompletionPipeline>(parts))
    {
    }

    /// Has the limits shared with other gateways; before any call.
    void share(limits::SharedRates &shared)
    {
        parts.sharedRates = &shared;
        pipeline = std::make_unique<pipeline::CompletionPipeline>(parts);
    }

    /// Starts a call with the master key, or with another one; an empty one sends no credential.
    ReplyRecord &call(QByteArray body, QByteArrayView key = masterKey,
                      openai::Operation operation = openai::Operation::ChatCompletion)
    {
        auto &record = *m_replies.emplace_back(std::make_unique<ReplyRecord>());
        ports::HttpRequest request;
        request.id = "req_" + QByteArray::number(m_replies.size());
        request.head = "x-api-key" + key.toByteArray();
        if (!key.isEmpty()) {
            request.fields.emplace_back(QByteArrayView(request.head).first(9),
                                        QByteArrayView(request.head).sliced(9));
        }
        request.body = std::move(body);
        request.receivedAt = clock.steady();
        pipeline->start(operation, std::move(request), std::make_unique<RecordedReply>(record));
        return record;
    }

    /// Adds a virtual key with these properties and returns its text.
    QByteArray addKey(VirtualKey key)
    {
        const auth::IssuedKey issued = auth::issueKey(random);
        key.id = QString::fromLatin1(issued.id);
        const auth::KeyMac mac = pepper.mac(issued.text.reveal());
        const QByteArray bytes(reinterpret_cast<const char *>(mac.data()),
                               static_cast<qsizetype>(mac.size()));
        if (!keys.put({key, bytes})) {
            qFatal("the key directory refused a key");
        }
        return issued.text.reveal();
    }

    /// Returns what the ledger has posted by now.
    [[nodiscard]] std::vector<SpendEntry> posted()
    {
        if (!ledger->flush(std::chrono::seconds(10))) {
            qFatal("the ledger did not flush");
        }
        return store.entries();
    }

    SystemClock clock;
    SystemRandom random;
    QTemporaryDir folder;
    PostedSpend store;
    ledger::SystemDisk disk;
    std::unique_ptr<ledger::Ledger> ledger;
    limits::BudgetBook budgets;
    limits::RateBook rates;
    limits::RateDirectory rateLimits;
    auth::KeyDirectory keys;
    auth::Pepper pepper;
    auth::Authenticator authenticator;
    auth::Permissions permissions;
    pipeline::SnapshotSource snapshots;
    telemetry::Metrics metrics;
    net::EventLoop &loop = net::EpollDispatcher::ofThisThread().loop();
    ManualUpstream upstream;
    telemetry::LogWriter logWriter;
    telemetry::AccessLog accessLog;
    std::atomic<qint64> inFlight = 0;
    pipeline::CompletionPipeline::Parts parts;
    std::unique_ptr<pipeline::CompletionPipeline> pipeline;

private:
    [[nodiscard]] ledger::LedgerSettings here(ledger::LedgerSettings settings) const
    {
        settings.directory = folder.filePath(QStringLiteral("journal"));
        settings.segmentBytes = 1024 * 1024;
        return settings;
    }
    [[nodiscard]] static std::array<std::byte, 32> pepperBytes()
    {
        return {};
    }
    [[nodiscard]] static pipeline::SnapshotPtr snapshotOf(std::vector<ports::Endpoint> endpoints)
    {
        const PriceBook prices = PriceBook::builtIn();
        for (ports::Endpoint &endpoint : endpoints) {
            if (!providers::prepareEndpoint(endpoint, prices)) {
                qFatal("an endpoint of the test is wrong");
            }
        }
        auto snapshot = std::make_shared<pipeline::Snapshot>();
        snapshot->catalog = routing::Catalog(std::move(endpoints), {});
        return snapshot;
    }

    std::vector<std::unique_ptr<ReplyRecord>> m_replies;
};

} // namespace delta::test
