#pragma once

#include "gateway/admin/access/access_table.h"
#include "gateway/admin/admin_api.h"
#include "gateway/auth/key_directory.h"
#include "gateway/store/control_tables.h"
#include "tests/gateway/admin/known_settings.h"
#include "tests/gateway/admin/login_hall.h"
#include "tests/support/plain_endpoints.h"
#include "tests/support/recorded_reply.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <memory>
#include <utility>
#include <vector>

namespace delta::admin::test {

/// Does everything at once, on the thread that asks.
class DirectBackground final : public ports::Background
{
public:
    void run(std::function<void()> blocking, std::function<void()> after) override
    {
        blocking();
        after();
    }
};

/// A browser, or something that pretends to be one.
struct Browser {
    QByteArray cookie{}; ///< Name and value; empty: none.
    QByteArray csrf{};
    QByteArray origin{"https://gateway.example.com"}; ///< Empty: it sends none.
    QByteArray type{"application/json"};
    QByteArray authorization{};

    /// Takes over what an answer gave it.
    void take(const delta::test::ReplyRecord &reply)
    {
        for (const auto &[name, value] : reply.fields) {
            if (name == "set-cookie") {
                cookie = value.split(';').front();
            }
        }
        const auto body = QJsonDocument::fromJson(reply.body).object();
        if (body.contains(QStringLiteral("csrf_token"))) {
            csrf = body.value(QStringLiteral("csrf_token")).toString().toLatin1();
        }
    }
};

/// What is asked for: a route's pattern and what stands in its places.
struct Question {
    QByteArray method;
    QByteArray pattern;
    QJsonObject body{};
    QByteArrayList path{};
};

/// The admin API with logins on an empty store.
struct LoginRig {
    static inline const QByteArray masterKey = "sk-master-0123456789abcdef0123456789";

    delta::test::StorePlace place;
    identity::test::StoppedClock clock;
    SystemRandom random;
    const auth::Pepper pepper = identity::test::fixedPepper();
    store::Store store{place.address(), clock};
    delta::test::PlainSealer sealer;
    delta::test::PlainEndpoints endpoints;
    KnownSettings settings;
    BudgetService budgets{{store, clock, random}};
    LoginHall hall{{store, sealer, pepper, clock, random}};
    auth::KeyDirectory directory;
    const auth::Authenticator authenticator{{directory, pepper, clock}, Secret(masterKey)};
    DirectBackground background;
    net::TimerWheel timers{SteadyTime()};
    const AdminApi::Loop loop{background, nullptr, timers,
                              [] { return false; }}; // No login asks a model.
    std::unique_ptr<AdminApi> api;

    LoginRig()
    {
        store.useAuditMac([](QByteArrayView) { return QByteArray(32, 'm'); });
        api = std::make_unique<AdminApi>(AdminApi::Parts{
            authenticator, store, sealer, pepper, endpoints.maker, endpoints.prices, clock, random,
            settings, budgets, [] { }, QStringLiteral("1.2.3"), &hall.gate, hall.routes()});
    }
    void addUser(const QString &id, const QByteArray &password, PlatformRole role)
    {
        User user;
        user.id = id;
        user.email = id + QStringLiteral("@example.com");
        user.role = role;
        const auto made = store.change(
            [&user](store::ControlTables &tables) { return tables.users.insert(user); });
        const QByteArray hash = auth::hashPassword(Secret(password), random, hall.cost).value();
        if (!made || !store.logins().value()->logins.putPassword({id, hash, false, clock.now})) {
            qFatal("no user is made");
        }
    }
    delta::test::ReplyRecord ask(const Browser &browser, const Question &question)
    {
        const auto route = std::ranges::find_if(api->routes(), [&question](const AdminRoute &each) {
            return each.method == question.method && each.pattern == question.pattern;
        });
        if (route == api->routes().end()) {
            qFatal("there is no such route");
        }
        QByteArrayList kept; // The views of the request point here, until it is answered.
        kept.append(question.pattern);
        ports::HttpRequest request = requestOf(browser, question, kept);
        delta::test::ReplyRecord record;
        api->start(*route, loop, std::move(request),
                   std::make_unique<delta::test::RecordedReply>(record), question.path);
        hall.home.runUntil([&record] { return record.ends > 0; });
        return record;
    }
    /// Logs somebody in and returns their browser.
    Browser browserOf(const QString &id, const QByteArray &password)
    {
        Browser browser;
        browser.take(ask(browser, loginOf(id, password)));
        return browser;
    }
    static Question loginOf(const QString &id, const QByteArray &password)
    {
        return {"POST",
                "/ui/api/auth/login",
                {{QStringLiteral("email"), QString(id + QStringLiteral("@example.com"))},
                 {QStringLiteral("password"), QString::fromUtf8(password)}}};
    }

private:
    static ports::HttpRequest requestOf(const Browser &browser, const Question &question,
                                        QByteArrayList &kept)
    {
        ports::HttpRequest request;
        request.id = "request-1";
        request.peer = "192.0.2.1";
        request.head = question.method + ' ' + question.pattern;
        request.method = QByteArrayView(request.head).first(question.method.size());
        request.path = QByteArrayView(request.head).last(question.pattern.size());
        request.fields.emplace_back("host", "gateway.example.com");
        const auto add = [&request, &kept](QByteArrayView name, const QByteArray &value) {
            if (!value.isEmpty()) {
                kept.append(value);
                request.fields.emplace_back(name, value);
            }
        };
        add("cookie", browser.cookie);
        add("origin", browser.origin);
        add("x-csrf-token", browser.csrf);
        add("authorization", browser.authorization);
        add("content-type", browser.type);
        if (question.method != "GET" && question.method != "DELETE") {
            request.body = QJsonDocument(question.body).toJson(QJsonDocument::Compact);
            request.body.reserve(request.body.size() + ports::bodyPadding);
        }
        return request;
    }
};

} // namespace delta::admin::test
