#pragma once

#include "gateway/identity/account_service.h"
#include "gateway/identity/login_service.h"
#include "gateway/identity/totp.h"
#include "gateway/store/login_tables.h"
#include "gateway/store/store.h"
#include "tests/gateway/store/store_place.h"
#include "tests/support/plain_sealer.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace delta::identity::test {

/// A clock that stands still until it is told to move.
class StoppedClock final : public Clock
{
public:
    [[nodiscard]] SteadyTime steady() const override
    {
        return SteadyTime(now.time_since_epoch());
    }
    [[nodiscard]] WallTime wall() const override
    {
        return now;
    }

    WallTime now{std::chrono::milliseconds(1'795'824'000'000)};
};

/// Users in memory.
class ListedPeople final : public ports::People
{
public:
    [[nodiscard]] Result<std::optional<ports::Person>> personById(const QString &id) override
    {
        return findIf([&id](const ports::Person &each) { return each.id == id; });
    }
    [[nodiscard]] Result<std::optional<ports::Person>> personByName(const QString &name) override
    {
        return findIf([&name](const ports::Person &each) {
            return each.email.compare(name, Qt::CaseInsensitive) == 0;
        });
    }
    [[nodiscard]] ports::Person &operator[](const QString &id)
    {
        return *std::ranges::find(list, id, &ports::Person::id);
    }

    std::vector<ports::Person> list;

private:
    [[nodiscard]] Result<std::optional<ports::Person>> findIf(const auto &isWanted)
    {
        const auto found = std::ranges::find_if(list, isWanted);
        return found == list.end() ? std::nullopt : std::optional(*found);
    }
};

/// Keeps the letters.
class KeptMail final : public ports::Mailer
{
public:
    [[nodiscard]] bool post(ports::Mail mail) override
    {
        if (takesLetters) {
            letters.push_back(std::move(mail));
        }
        return takesLetters;
    }

    std::vector<ports::Mail> letters;
    bool takesLetters = true;
};

/// The thread of the store, which is that of the test.
class HomeQueue
{
public:
    void post(std::function<void()> work)
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_work.push_back(std::move(work));
        }
        m_changed.notify_one();
    }
    /// Does what comes home until something holds.
    void runUntil(const std::function<bool()> &holds)
    {
        while (!holds()) {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this] { return !m_work.empty(); });
            const auto work = std::move(m_work.front());
            m_work.pop_front();
            lock.unlock();
            work();
        }
    }
    /// Does what has come home already.
    void run()
    {
        runUntil([this] {
            const std::scoped_lock lock(m_mutex);
            return m_work.empty();
        });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::function<void()>> m_work;
};

inline auth::Pepper fixedPepper()
{
    std::array<std::byte, 32> bytes{};
    bytes.fill(std::byte{7});
    return auth::Pepper(bytes);
}

/// All of gateway/identity on an empty store, with passwords that cost nothing.
struct IdentityRig {
    delta::test::StorePlace place;
    StoppedClock clock;
    SystemRandom random;
    const auth::Pepper pepper = fixedPepper();
    store::Store store{place.address(), clock};
    ListedPeople people;
    delta::test::PlainSealer sealer;
    KeptMail mail;
    HomeQueue home;
    const auth::PasswordCost cost{64, 1, 1};
    const IdentitySettings settings{.publicUrl = QStringLiteral("https://gateway.example.com")};
    const IdentityParts ground{store, people, pepper, clock, random};
    PasswordPool pool{PasswordPool::Limits{}};
    const PasswordDesk::Home goHome = [this](std::function<void()> work) {
        home.post(std::move(work));
    };
    PasswordDesk desk{{pool, random, goHome, cost}};
    SessionService sessions{ground, settings};
    SecondFactor factor{ground, sealer, settings.issuer};
    LoginService logins{{ground, sessions, factor, desk}};
    AccountService accounts{{ground, settings, sessions, factor, desk, goHome, &mail}};

    IdentityRig()
    {
        store.useAuditMac([](QByteArrayView) { return QByteArray(32, 'm'); });
    }
    /// Runs something that calls back, until it has.
    template <typename T>
    Result<T> await(const std::function<void(Done<T>)> &ask)
    {
        std::optional<Result<T>> outcome;
        ask([&outcome](Result<T> result) { outcome = std::move(result); });
        home.runUntil([&outcome] { return outcome.has_value(); });
        return *std::move(outcome);
    }
    /// Makes a user "ada" with the address "Ada@example.com" and that password.
    void addUser(const QString &id, const QByteArray &password)
    {
        people.list.push_back({id, id + QStringLiteral("@Example.com"), id.toUpper(),
                               QStringLiteral("platform_admin"), false});
        const QByteArray hash = auth::hashPassword(Secret(password), random, cost).value();
        QVERIFY(store.logins().value()->logins.putPassword({id, hash, false, clock.now}));
    }
    Result<LoginOutcome> logIn(const QString &id, const QByteArray &password,
                               const QByteArray &code = {},
                               const QString &ip = QStringLiteral("192.0.2.1"))
    {
        const LoginWish wish{id + QStringLiteral("@example.com"),
                             Secret(password),
                             code,
                             {ip, QStringLiteral("Browser")}};
        return await<LoginOutcome>(
            [this, &wish](Done<LoginOutcome> done) { logins.login(wish, std::move(done)); });
    }
    /// The session of somebody who logs in now.
    OpenSession session(const QString &id, const QByteArray &password)
    {
        return logIn(id, password).value().session.value();
    }
    Caller caller(const OpenSession &open)
    {
        return sessions.identify(open.token, {}).value();
    }
    /// Says whether a session opens anything.
    bool isGood(const OpenSession &open)
    {
        return sessions.identify(open.token, {}).has_value();
    }
    /// Gives a user a second factor and returns its seed; the clock moves on by a step.
    Secret addFactor(const Caller &who)
    {
        using namespace std::chrono_literals;
        const FactorOffer offer = factor.start(who.person).value();
        const Secret seed =
            sealer
                .open((*store.logins().value()->logins.find(who.person.id).value()).mfaPendingSeed,
                      "logins|" + who.person.id.toUtf8() + "|mfa_seed")
                .value();
        if (!factor.confirm(who.person.id, codeNow(seed))) {
            qFatal("a second factor is not taken");
        }
        clock.now += 30s;
        return seed;
    }
    QByteArray codeNow(const Secret &seed) const
    {
        return hotp(seed, totpStep(clock.now));
    }
};

} // namespace delta::identity::test
