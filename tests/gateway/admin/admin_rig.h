#pragma once

#include "gateway/admin/budget_api.h"
#include "gateway/admin/key_api.h"
#include "gateway/admin/spend_api.h"
#include "gateway/limits/budget_book.h"
#include "gateway/limits/budget_loader.h"
#include "gateway/store/store.h"
#include "tests/gateway/auth/auth_fakes.h"
#include "tests/support/recorded_reply.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include <memory>
#include <vector>

namespace delta::admin::test {

/// Keeps work until the test lets it happen, as another thread would.
class PatientBackground final : public ports::Background
{
public:
    void run(std::function<void()> blocking, std::function<void()> after) override
    {
        m_work.push_back([blocking = std::move(blocking), after = std::move(after)] {
            blocking();
            after();
        });
    }
    /// Does what is waiting and returns how much that was.
    std::size_t work()
    {
        const auto waiting = std::exchange(m_work, {});
        for (const auto &each : waiting) {
            each();
        }
        return waiting.size();
    }

private:
    std::vector<std::function<void()>> m_work;
};

/// What a caller got.
struct Answer {
    int status = 0;
    QJsonObject body;
    QJsonArray list; ///< The body, where that is an array.
    ports::HeaderList fields;
    int ends = 0;                   ///< Must be one.
    std::size_t backgroundJobs = 0; ///< Zero if it was answered without asking the store.

    [[nodiscard]] QJsonObject error() const
    {
        return body.value(QLatin1StringView("error")).toObject();
    }
    [[nodiscard]] QString errorText(QLatin1StringView member) const
    {
        return error().value(member).toString();
    }
};

/// The admin API of one loop thread with a real store; only the clock and the threads are played.
class AdminRig
{
public:
    static constexpr QByteArrayView masterKey = "sk-master-for-the-tests-0123456789";
    using KeyMember = void (KeyApi::*)(ports::HttpRequest, std::unique_ptr<ports::HttpReply>);
    using BudgetMember = void (BudgetApi::*)(ports::HttpRequest, std::unique_ptr<ports::HttpReply>);

    AdminRig()
        : store(folder.filePath(QStringLiteral("deltallm.db")), clock)
        , pepper(auth::test::fixedPepper())
        , authenticator({directory, pepper, clock}, Secret(masterKey.toByteArray()))
        , loader({store, book, clock, [] { return Result<void>(); }})
        , budgets({store, clock, random, &loader, &book})
        , keys({store, pepper, clock, random, &directory, &budgets})
        , keyApi({authenticator, permissions, keys, background, clock})
        , budgetApi({authenticator, permissions, budgets, background})
        , spendApi({authenticator, permissions, store, background})
    {
    }

    /// Calls one of the key routes; `key` is the caller's, none if empty.
    Answer call(KeyMember member, const QByteArray &body, QByteArrayView key = masterKey)
    {
        delta::test::ReplyRecord record;
        (keyApi.*member)(requestWith(body, {}, key),
                         std::make_unique<delta::test::RecordedReply>(record));
        return answerOf(record);
    }
    /// Calls one of the budget routes with a body.
    Answer call(BudgetMember member, const QByteArray &body, QByteArrayView key = masterKey)
    {
        delta::test::ReplyRecord record;
        (budgetApi.*member)(requestWith(body, {}, key),
                            std::make_unique<delta::test::RecordedReply>(record));
        return answerOf(record);
    }
    /// Calls GET /budget/info with a query.
    Answer budgetInfo(const QByteArray &query, QByteArrayView key = masterKey)
    {
        delta::test::ReplyRecord record;
        budgetApi.info(requestWith({}, query, key),
                       std::make_unique<delta::test::RecordedReply>(record));
        return answerOf(record);
    }
    /// Calls GET /key/info with a query.
    Answer keyInfo(const QByteArray &query, QByteArrayView key = masterKey)
    {
        delta::test::ReplyRecord record;
        keyApi.info(requestWith({}, query, key),
                    std::make_unique<delta::test::RecordedReply>(record));
        return answerOf(record);
    }
    /// Calls GET /spend/logs with a query.
    Answer spendLogs(const QByteArray &query, QByteArrayView key = masterKey)
    {
        delta::test::ReplyRecord record;
        spendApi.logs(requestWith({}, query, key),
                      std::make_unique<delta::test::RecordedReply>(record));
        return answerOf(record);
    }
    /// Says what the gateway takes the holder of that text for.
    [[nodiscard]] Result<auth::Principal> identify(QByteArrayView text) const
    {
        return authenticator.identify(requestWith({}, {}, text));
    }

    auth::test::StoppedClock clock;
    SystemRandom random;
    QTemporaryDir folder;
    store::Store store;
    auth::Pepper pepper;
    auth::KeyDirectory directory;
    auth::Authenticator authenticator;
    auth::Permissions permissions;
    limits::BudgetBook book;
    limits::BudgetLoader loader;
    BudgetService budgets;
    KeyService keys;
    PatientBackground background;
    KeyApi keyApi;
    BudgetApi budgetApi;
    SpendApi spendApi;

private:
    static ports::HttpRequest requestWith(const QByteArray &body, const QByteArray &query,
                                          QByteArrayView key)
    {
        constexpr qsizetype nameSize = 9;
        ports::HttpRequest request;
        request.head = "x-api-key" + key.toByteArray() + query;
        const QByteArrayView head = request.head;
        if (!key.isEmpty()) {
            request.fields.emplace_back(head.first(nameSize), head.sliced(nameSize, key.size()));
        }
        request.query = head.last(query.size());
        request.body = body;
        return request;
    }
    Answer answerOf(delta::test::ReplyRecord &record)
    {
        if (record.ends > 0 && record.status == 200) {
            qFatal("a success was told before it happened");
        }
        Answer answer;
        answer.backgroundJobs = background.work();
        answer.status = record.status;
        const QJsonDocument body = QJsonDocument::fromJson(record.body);
        answer.body = body.object();
        answer.list = body.array();
        answer.fields = record.fields;
        answer.ends = record.ends;
        return answer;
    }
};

} // namespace delta::admin::test
