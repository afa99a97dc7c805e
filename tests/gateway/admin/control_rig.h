#pragma once

#include "gateway/admin/admin_api.h"
#include "gateway/auth/key_directory.h"
#include "gateway/auth/permissions.h"
#include "gateway/http/route_table.h"
#include "gateway/providers/providers.h"
#include "gateway/routing/endpoint_maker.h"
#include "gateway/store/control_tables.h"
#include "gateway/store/store.h"
#include "shared/billing/price_book.h"
#include "tests/gateway/admin/known_settings.h"
#include "tests/gateway/admin/login_hall.h"
#include "tests/gateway/auth/auth_fakes.h"
#include "tests/gateway/store/store_place.h"
#include "tests/support/plain_sealer.h"
#include "tests/support/recorded_reply.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMessageAuthenticationCode>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace delta::admin::test {

/// Does work at once.
class PromptBackground final : public ports::Background
{
public:
    void run(std::function<void()> blocking, std::function<void()> after) override
    {
        blocking();
        after();
    }
};

/// Has a session for whoever says in a header who they are.
class NamedSessions final : public SessionSource
{
public:
    [[nodiscard]] Result<std::optional<SessionFacts>> sessionOf(
        const ports::HttpRequest &request) override
    {
        const auto user = request.header("x-test-user");
        if (!user) {
            return std::nullopt;
        }
        return SessionFacts{QStringLiteral("session"), QString::fromUtf8(*user), true};
    }
};

/// What a caller got.
struct Got {
    int status = 0;
    QJsonObject body;
    QByteArray text;
    ports::HeaderList fields;

    [[nodiscard]] QByteArray field(QByteArrayView name) const
    {
        for (const auto &[known, value] : fields) {
            if (known == name) {
                return value;
            }
        }
        return {};
    }
    [[nodiscard]] QString code() const
    {
        return body.value(QLatin1StringView("code")).toString();
    }
    [[nodiscard]] QString param() const
    {
        return body.value(QLatin1StringView("param")).toString();
    }
    [[nodiscard]] QJsonArray items() const
    {
        return body.value(QLatin1StringView("items")).toArray();
    }
};

/// A whole admin API on a store of its own. Only clock, threads, sessions and sealing are played.
class ControlRig
{
public:
    using Headers = std::vector<std::pair<QByteArray, QByteArray>>;
    static constexpr QByteArrayView masterKey = "sk-master-for-the-tests-0123456789";
    static constexpr QByteArrayView scimToken = "scim-for-the-tests-0123456789-0123456789";
    static constexpr QByteArrayView nextScimToken = "scim-for-the-tests-9876543210-9876543210";

    ControlRig()
        : store(place.address(), clock, QStringLiteral("test"))
        , pepper(auth::test::fixedPepper())
        , authenticator({directory, pepper, clock, nullptr, nullptr, &retired},
                        Secret(masterKey.toByteArray()))
        , api({authenticator,
               store,
               sealer,
               pepper,
               endpoints,
               prices,
               clock,
               random,
               settings,
               budgets,
               [this] { refresh(); },
               QStringLiteral("1.2.3"),
               &sessions,
               logins.routes(),
               {},
               scimSettings()})
    {
        store.useAuditMac([](QByteArrayView bytes) {
            return QMessageAuthenticationCode::hash(bytes, "audit key", QCryptographicHash::Sha256);
        });
        std::vector<http::Route> routes;
        for (const AdminRoute &route : api.routes()) {
            routes.push_back(
                {route.method, route.pattern,
                 [this, &route](ports::HttpRequest request, std::unique_ptr<ports::HttpReply> reply,
                                QByteArrayList path) {
                     api.start(route, loop, std::move(request), std::move(reply), std::move(path));
                 }});
        }
        table = http::RouteTable::build(std::move(routes)).value();
    }

    /// Sends a request with these headers.
    Got send(const QByteArray &method, const QByteArray &target, const QByteArray &body,
             const Headers &headers)
    {
        ports::HttpRequest request;
        request.id = "req_1";
        request.peer = "192.0.2.7";
        const QByteArray path = target.split('?').front();
        QByteArray head = method + target;
        for (const auto &[name, value] : headers) {
            head += name + value;
        }
        request.head = head;
        const QByteArrayView view = request.head;
        request.method = view.first(method.size());
        request.path = view.sliced(method.size(), path.size());
        request.query = view.sliced(method.size(), target.size())
                            .sliced(std::min(path.size() + 1, target.size()));
        qsizetype at = method.size() + target.size();
        for (const auto &[name, value] : headers) {
            request.fields.emplace_back(view.sliced(at, name.size()),
                                        view.sliced(at + name.size(), value.size()));
            at += name.size() + value.size();
        }
        request.body = body;
        delta::test::ReplyRecord record;
        table.serve(std::move(request), std::make_unique<delta::test::RecordedReply>(record));
        return {record.status, QJsonDocument::fromJson(record.body).object(), record.body,
                record.fields};
    }
    /// Sends one as the holder of the master key.
    Got call(const QByteArray &method, const QByteArray &target, const QJsonObject &body = {},
             Headers headers = {})
    {
        headers.emplace_back("authorization", "Bearer " + masterKey.toByteArray());
        return send(method, target, bytesOf(body), withType(std::move(headers)));
    }
    /// Sends one as a user with a session.
    Got callAs(const QByteArray &user, const QByteArray &method, const QByteArray &target,
               const QJsonObject &body = {}, Headers headers = {})
    {
        headers.emplace_back("x-test-user", user);
        return send(method, target, bytesOf(body), withType(std::move(headers)));
    }
    /// Sends one as a directory.
    Got provision(const QByteArray &method, const QByteArray &target, const QByteArray &body = {},
                  Headers headers = {})
    {
        headers.emplace_back("authorization", "Bearer " + scimToken.toByteArray());
        headers.emplace_back("content-type", "application/scim+json");
        return send(method, "/scim/v2" + target, body, headers);
    }
    /// Returns who may provision, and what their groups mean.
    static scim::ScimSettings scimSettings()
    {
        const QString role = QStringLiteral("team:research:team_member");
        return {
            .tokens = {Secret(scimToken.toByteArray()), Secret(nextScimToken.toByteArray())},
            .people = {
                .defaultTeam = QStringLiteral("everybody"),
                .adminEmails = {QStringLiteral("root@example.com")},
                .groupRoles = {
                    {QStringLiteral("Admins"), QStringLiteral("platform_admin")},
                    {QStringLiteral("Researchers"), role},
                    {QStringLiteral("object-7"), QStringLiteral("team:research:team_admin")},
                    {QStringLiteral("Claimed"), QStringLiteral("team:claimed:team_member")},
                    {QStringLiteral("Owners"), QStringLiteral("organization:acme:org_owner")}}}};
    }
    /// Brings what changed into memory, as the gateway does.
    void refresh()
    {
        ++refreshes;
        if (!retired.refresh(store) || !directory.refresh(store)) {
            throw std::runtime_error("the store cannot be read");
        }
    }
    /// Makes something that a test needs, or ends it.
    void make(const QByteArray &target, const QJsonObject &body)
    {
        const Got got = call("POST", target, body);
        if (got.status != 201) {
            throw std::runtime_error((target + ": " + got.text).toStdString());
        }
    }

    /// Puts calls into the store, as the ledger does.
    void post(const std::vector<SpendEntry> &entries)
    {
        std::vector<ports::PostedEntry> posted;
        std::uint64_t offset = store.journalPosition().value().applied;
        for (const SpendEntry &entry : entries) {
            posted.push_back({offset, entry});
            offset += 8;
        }
        if (!store.apply(posted, {offset, offset})) {
            throw std::runtime_error("no calls are posted");
        }
    }
    /// Returns the id of the call that began last.
    QString newestCall()
    {
        return call("GET", "/ui/api/spend/logs?limit=1")
            .items()
            .first()[QLatin1StringView("id")]
            .toString();
    }
    /// Makes a key, and returns the answer, which has its text.
    QJsonObject makeKey(const QJsonObject &body)
    {
        const Got got = call("POST", "/ui/api/keys", body);
        if (got.status != 201) {
            throw std::runtime_error(got.text.toStdString());
        }
        return got.body;
    }

    delta::test::StorePlace place;
    auth::test::StoppedClock clock;
    SystemRandom random;
    store::Store store;
    auth::Pepper pepper;
    auth::KeyDirectory directory;
    auth::RetiredSecrets retired;
    auth::Authenticator authenticator;
    delta::test::PlainSealer sealer;
    NamedSessions sessions;
    KnownSettings settings;
    BudgetService budgets{{store, clock, random}};
    LoginHall logins{{store, sealer, pepper, clock, random}};
    PromptBackground background;
    net::TimerWheel timers{SteadyTime()};
    bool isEnding = false;            ///< Whether the gateway is told to stop.
    std::vector<ModelErrand> errands; ///< What was asked of models, and in the name of whom.
    ports::HttpRequest asked;         ///< The request of the last of them.
    int answerStatus = 200;           ///< What they answer.
    QByteArray answerBody = "{}";
    AdminApi::Loop loop{background,
                        [this](const ModelErrand &errand, ports::HttpRequest request,
                               const std::unique_ptr<ports::HttpReply> &reply) {
                            errands.push_back(errand);
                            asked = std::move(request);
                            reply->send(answerStatus, {}, answerBody);
                        },
                        timers, [this] { return isEnding; }};
    int refreshes = 0;
    PriceBook prices = PriceBook::builtIn();
    routing::EndpointMaker endpoints{prices, [this](ports::Endpoint &endpoint) {
                                         return providers::prepareEndpoint(endpoint, prices);
                                     }};
    AdminApi api;
    http::RouteTable table;

private:
    static QByteArray bytesOf(const QJsonObject &body)
    {
        return body.isEmpty() ? QByteArray() : QJsonDocument(body).toJson(QJsonDocument::Compact);
    }
    static Headers withType(Headers headers)
    {
        headers.emplace_back("content-type", "application/json");
        return headers;
    }
};

} // namespace delta::admin::test
