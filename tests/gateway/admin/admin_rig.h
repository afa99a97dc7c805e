#pragma once

#include "gateway/admin/budget_api.h"
#include "gateway/admin/key_api.h"
#include "gateway/admin/rate_limit_api.h"
#include "gateway/admin/spend_api.h"
#include "gateway/limits/budget_book.h"
#include "gateway/limits/budget_loader.h"
#include "gateway/limits/rate_directory.h"
#include "gateway/limits/rate_loader.h"
#include "gateway/store/store.h"
#include "tests/gateway/auth/auth_fakes.h"
#include "tests/support/recorded_reply.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

#include <functional>
#include <memory>
#include <utility>
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

inline QString textOf(const Answer &answer, QLatin1StringView member)
{
    return answer.body.value(member).toString();
}

inline QByteArray bodyOf(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// The admin API of one loop thread with a real store; only the clock and the threads are played.
class AdminRig
{
public:
    static constexpr QByteArrayView masterKey = "sk-master-for-the-tests-0123456789";
    /// A route of one of the APIs.
    template <typename Api>
    using Member = void (Api::*)(ports::HttpRequest, std::unique_ptr<ports::HttpReply>);
    /// Calls a route with a caller's key.
    using CallWith = std::function<Answer(QByteArrayView key)>;

    AdminRig()
        : store(folder.filePath(QStringLiteral("deltallm.db")), clock)
        , pepper(auth::test::fixedPepper())
        , authenticator({directory, pepper, clock}, Secret(masterKey.toByteArray()))
        , loader({store, book, clock, [] { return Result<void>(); }})
        , budgets({store, clock, random, &loader, &book})
        , rateLoader({store, rateDirectory})
        , rateLimits({store, &rateLoader})
        , keys({store, pepper, clock, random, &directory, &budgets, &rateLimits})
        , keyApi({authenticator, permissions, keys, background, store})
        , budgetApi({authenticator, permissions, budgets, background, store})
        , rateLimitApi({authenticator, permissions, rateLimits, background, store})
        , spendApi({authenticator, permissions, store, background})
    {
    }

    /// Calls one of the routes with a body; `key` is the caller's, none if empty.
    template <typename Api>
    Answer call(Member<Api> member, const QByteArray &body, QByteArrayView key = masterKey)
    {
        return serve(member, requestWith(body, {}, key));
    }
    /// Calls one of the routes with a query.
    template <typename Api>
    Answer ask(Member<Api> member, const QByteArray &query, QByteArrayView key = masterKey)
    {
        return serve(member, requestWith({}, query, key));
    }
    /// Calls GET /budget/info with a query.
    Answer budgetInfo(const QByteArray &query, QByteArrayView key = masterKey)
    {
        return ask(&BudgetApi::info, query, key);
    }
    /// Calls POST /key/{key}/reset_spend.
    Answer resetSpend(const QString &name, const QByteArray &body, QByteArrayView key = masterKey)
    {
        delta::test::ReplyRecord record;
        keyApi.resetSpend(requestWith(body, {}, key),
                          std::make_unique<delta::test::RecordedReply>(record), name);
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
    /// Calls GET /spend/report with a query.
    Answer spendReport(const QByteArray &query, QByteArrayView key = masterKey)
    {
        delta::test::ReplyRecord record;
        spendApi.report(requestWith({}, query, key),
                        std::make_unique<delta::test::RecordedReply>(record));
        return answerOf(record);
    }
    /// Says whom a route lets in that it should not, or whom not; "" if only the master comes in, and nothing
    /// is asked of the store for anybody else.
    QString wrongGuestOf(const CallWith &callWith)
    {
        const auto created = keys.create({});
        if (!created) {
            return QStringLiteral("no key could be made");
        }
        const std::vector<std::pair<QByteArray, int>> guests{
            {"", 401}, {"sk-not-a-key-of-this-gateway-0123", 401}, {created->secret.reveal(), 403}};
        for (const auto &[key, status] : guests) {
            const Answer answer = callWith(key);
            if (answer.status != status || answer.ends != 1 || answer.backgroundJobs != 0) {
                return QStringLiteral("\"%1\" gets %2")
                    .arg(QLatin1StringView(key))
                    .arg(answer.status);
            }
        }
        const int status = callWith(masterKey).status;
        return status == 200 ? QString() : QStringLiteral("the master gets %1").arg(status);
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
    limits::RateDirectory rateDirectory;
    limits::RateLoader rateLoader;
    RateLimitService rateLimits;
    KeyService keys;
    PatientBackground background;
    KeyApi keyApi;
    BudgetApi budgetApi;
    RateLimitApi rateLimitApi;
    SpendApi spendApi;

private:
    BudgetApi &apiOf(Member<BudgetApi>)
    {
        return budgetApi;
    }
    RateLimitApi &apiOf(Member<RateLimitApi>)
    {
        return rateLimitApi;
    }
    template <typename Api>
    Answer serve(Member<Api> member, ports::HttpRequest request)
    {
        delta::test::ReplyRecord record;
        (apiOf(member).*member)(std::move(request),
                                std::make_unique<delta::test::RecordedReply>(record));
        return answerOf(record);
    }
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
