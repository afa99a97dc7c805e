#include "gateway/store/notified_connection.h"

#include "gateway/store/driver.h"
#include "gateway/store/postgres_driver.h"

#include <libpq-fe.h>
#include <poll.h>
#include <QByteArray>
#include <QMap>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <system_error>
#include <tuple>
#include <vector>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// For a connection to be made, and for the answer to its statement.
constexpr std::chrono::seconds patienceWithServer{10};

/// libpq would write them to our standard error, and the loss that a notice tells of is seen anyway.
void ignoreNotice(void *, const PGresult *)
{
}

using PgResult = std::unique_ptr<PGresult, decltype(&::PQclear)>;

/// Begins to connect with the options of all connections of the store.
pg_conn *beginConnection(const QMap<QString, QString> &options)
{
    std::vector<QByteArray> texts;
    for (const auto &[name, value] : options.asKeyValueRange()) {
        texts.push_back(name.toUtf8());
        texts.push_back(value.toUtf8());
    }
    std::vector<const char *> names;
    std::vector<const char *> values;
    for (std::size_t at = 0; at < texts.size(); at += 2) {
        names.push_back(texts[at].constData());
        values.push_back(texts[at + 1].constData());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    return ::PQconnectStartParams(names.data(), values.data(), 0);
}

} // namespace

Wakener::Wakener()
    : m_descriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
    if (m_descriptor < 0) {
        throw std::system_error(errno, std::generic_category(), "eventfd");
    }
}

Wakener::~Wakener()
{
    ::close(m_descriptor);
}

void Wakener::wake() const
{
    const std::uint64_t one = 1;
    std::ignore = ::write(m_descriptor, &one, sizeof one); // Fails only where it is awake already.
}

Waited waitFor(int descriptor, short events, const Wakener &wakener,
               std::optional<std::chrono::milliseconds> patience)
{
    std::array<pollfd, 2> places{{{descriptor, events, 0}, {wakener.descriptor(), POLLIN, 0}}};
    const std::int64_t limit = patience ? std::max<std::int64_t>(patience->count(), 0) : -1;
    const auto timeout = static_cast<int>(
        std::min<std::int64_t>(limit, std::numeric_limits<int>::max()));
    const int ready = ::poll(places.data(), places.size(), timeout);
    if (places[1].revents != 0) {
        return Waited::Woken;
    }
    return ready > 0 ? Waited::Ready : Waited::TimedOut; // Interrupted: the caller looks anew.
}

Result<void> NotifiedConnection::open(const DatabaseAddress &address, const QString &statement)
{
    const SteadyTime deadline = m_clock.steady() + patienceWithServer;
    TRY_VOID(connect(address, deadline));
    return execute(statement, deadline);
}

Result<void> NotifiedConnection::connect(const DatabaseAddress &address, SteadyTime deadline)
{
    TRY(const auto options, postgresOptions(address.place));
    m_connection = {beginConnection(options), &::PQfinish};
    if (!m_connection || ::PQstatus(m_connection.get()) == CONNECTION_BAD) {
        return trouble();
    }
    ::PQsetNoticeReceiver(m_connection.get(), ignoreNotice, nullptr);
    // What it wants at first, before anything was polled.
    auto wants = PGRES_POLLING_WRITING;
    while (wants != PGRES_POLLING_OK) {
        if (wants == PGRES_POLLING_FAILED) {
            return trouble();
        }
        TRY_VOID(await(wants == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline));
        wants = ::PQconnectPoll(m_connection.get());
    }
    return {};
}

Result<void> NotifiedConnection::execute(const QString &statement, SteadyTime deadline)
{
    pg_conn *const connection = m_connection.get();
    if (::PQsendQuery(connection, statement.toUtf8().constData()) != 1) {
        return trouble();
    }
    while (::PQisBusy(connection) == 1) {
        TRY_VOID(await(POLLIN, deadline));
        if (::PQconsumeInput(connection) != 1) {
            return trouble();
        }
    }
    bool isDone = true;
    while (const PgResult result{::PQgetResult(connection), ::PQclear}) {
        isDone = isDone && ::PQresultStatus(result.get()) == PGRES_COMMAND_OK;
    }
    return isDone ? Result<void>() : trouble();
}

Result<void> NotifiedConnection::await(short events, SteadyTime deadline)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - m_clock.steady());
    // The descriptor changes while an address after the other is tried.
    const int descriptor = ::PQsocket(m_connection.get());
    switch (left.count() > 0 ? waitFor(descriptor, events, m_wakener, left) : Waited::TimedOut) {
    case Waited::Woken:
        return failure(databaseUnavailable(u"it is no longer asked"_s));
    case Waited::TimedOut:
        return m_clock.steady() < deadline
            ? Result<void>()
            : failure(databaseUnavailable(u"it does not answer in time"_s));
    case Waited::Ready:
        break;
    }
    return {};
}

Result<Waited> NotifiedConnection::waitForNews(std::optional<std::chrono::milliseconds> patience)
{
    const Waited waited = waitFor(::PQsocket(m_connection.get()), POLLIN, m_wakener, patience);
    if (waited == Waited::Ready && ::PQconsumeInput(m_connection.get()) != 1) {
        return trouble();
    }
    return waited;
}

int NotifiedConnection::takeNotifications()
{
    int count = 0;
    while (PGnotify *const notification = ::PQnotifies(m_connection.get())) {
        ::PQfreemem(notification);
        ++count;
    }
    return count;
}

std::unexpected<ApiError> NotifiedConnection::trouble() const
{
    return failure(
        databaseUnavailable(QString::fromUtf8(::PQerrorMessage(m_connection.get())).trimmed()));
}

} // namespace delta::store
