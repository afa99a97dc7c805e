#pragma once

#include <QByteArray>
#include <QCryptographicHash>
#include <QString>
#include <QtTypes>

#include <atomic>
#include <expected>
#include <memory>
#include <utility>
#include <vector>

namespace delta::ports {

/// What happens to calls that need the shared store while it does not answer.
enum class DegradedMode {
    FailOpen,   ///< They go on under what this gateway counts alone.
    FailClosed, ///< They are refused.
};

/// A program in Lua that the shared store runs as one step, and its name there.
struct SharedScript {
    SharedScript() = default;
    explicit SharedScript(QByteArray source)
        : text(std::move(source))
        , sha1(QCryptographicHash::hash(text, QCryptographicHash::Sha1).toHex())
    {
    }

    QByteArray text;
    QByteArray sha1; ///< Of the text, in hexadecimal.
};

/// One run of a script.
struct SharedCall {
    SharedScript script;
    std::vector<QByteArray> keys;
    std::vector<QByteArray> arguments;
};

/// The whole numbers that a script returned; or why there are none, for the log.
using SharedAnswer = std::expected<std::vector<qint64>, QString>;

/// Waits for the answer to one call. Called on the loop thread, never from inside SharedStore::ask().
class SharedSink
{
public:
    virtual ~SharedSink() = default;
    /// The answer is later than anybody waits for. It still comes.
    virtual void onLate() = 0;
    /// The last call, of each call that was taken.
    virtual void onAnswer(const SharedAnswer &answer) = 0;
};

/// A store outside the gateway that several of them count in. One per loop thread, confined to it.
class SharedStore
{
public:
    virtual ~SharedStore() = default;
    /// Has the store know a script by its name, now and after each loss of the connection.
    virtual void prepare(const SharedScript &script) = 0;
    /// Runs a script and tells the sink, which is kept until then. Returns false if the store does not
    /// answer these days, so that nobody should wait for it; then nothing is sent, and the sink hears
    /// nothing.
    [[nodiscard]] virtual bool ask(SharedCall call, std::shared_ptr<SharedSink> sink) = 0;
    /// Runs a script whose answer nobody needs; not at all if there is no connection. Calls are run in
    /// the order in which they were made, unless the store has just forgotten a script.
    virtual void tell(SharedCall call) = 0;
};

/// How the connections of all loop threads to the shared store do. Safe from any thread.
struct SharedStoreStatus {
    std::atomic<int> connections = 0;      ///< One for each loop thread.
    std::atomic<int> answering = 0;        ///< Of those, the ones that answer in time.
    std::atomic<qint64> degradedCalls = 0; ///< That were decided without an answer in time.
    std::atomic<bool> isTroubleLogged = false;

    /// Says whether every loop thread gets its answers in time; also where there is no shared store.
    [[nodiscard]] bool isUp() const
    {
        return answering.load(std::memory_order_relaxed)
            >= connections.load(std::memory_order_relaxed);
    }
};

} // namespace delta::ports
