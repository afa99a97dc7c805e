#include "gateway/secrets/manager_caller.h"

#include "gateway/net/mail_server.h"

#include <QJsonDocument>

#include <algorithm>
#include <stop_token>
#include <utility>

namespace delta::secrets {

using namespace Qt::StringLiterals;
using ports::SecretFailure;

namespace {

constexpr std::chrono::milliseconds longestQuestion{5'000};
constexpr std::chrono::milliseconds longestTime{15'000};
constexpr int success = 200;
constexpr int unauthorized = 401;
constexpr int forbidden = 403;
constexpr int notFound = 404;
constexpr int tooMany = 429;
constexpr int redirect = 300;
constexpr int badRequest = 400;
constexpr int serverError = 500;

std::unexpected<SecretFailure> passing(QString reason)
{
    return std::unexpected(SecretFailure{std::move(reason), SecretFailure::Kind::Passing});
}

} // namespace

ManagerCaller::ManagerCaller(const Clock &clock)
    : m_clock(clock)
    , m_end(clock.steady() + longestTime)
{
}

std::expected<ManagerAnswer, SecretFailure> ManagerCaller::ask(
    const ManagerQuestion &question) const
{
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(m_end
                                                                            - m_clock.steady());
    if (left <= std::chrono::milliseconds(0)) {
        return passing(
            u"%1 was not asked: secret managers have taken all of the 15 s that they may"_s.arg(
                question.manager));
    }
    const net::SideCaller caller({std::min(left, longestQuestion), question.caFile},
                                 std::stop_token());
    const auto answer = caller.ask(question.request);
    if (!answer) {
        return passing(u"%1 cannot be asked: %2"_s.arg(question.manager, answer.error().reason));
    }
    if (answer->status == tooMany || answer->status >= serverError) {
        return passing(u"%1 cannot answer now, its status is %2; try again"_s.arg(question.manager)
                           .arg(answer->status));
    }
    return ManagerAnswer{answer->status, QJsonDocument::fromJson(answer->body.reveal()).object()};
}

std::expected<QJsonObject, SecretFailure> ManagerCaller::askForObject(
    const ManagerQuestion &question) const
{
    auto answer = ask(question);
    if (!answer) {
        return std::unexpected(std::move(answer).error());
    }
    if (answer->status != success) {
        return std::unexpected(refusal(question.manager, answer->status));
    }
    if (answer->body.isEmpty()) {
        return lasting(
            u"%1 answers something that is not of its protocol; is the address right?"_s.arg(
                question.manager));
    }
    return answer->body;
}

SecretFailure refusal(const QString &manager, int status)
{
    if (status == unauthorized || status == forbidden) {
        return {
            u"%1 refuses it (%2): are the credentials good, and may they read it?"_s.arg(manager)
                .arg(status)};
    }
    if (status == notFound) {
        return {u"%1 does not have it (404): is the name right?"_s.arg(manager)};
    }
    if (status >= redirect && status < badRequest) {
        return {
            u"%1 sends elsewhere (%2), which is not followed; is the address right?"_s.arg(manager)
                .arg(status)};
    }
    return {u"%1 refuses it with the status %2"_s.arg(manager).arg(status)};
}

std::expected<QString, SecretFailure> safeAddress(const QString &text, const QString &variable)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool isPlain = url.isValid() && !url.host().isEmpty() && url.userInfo().isEmpty()
        && !url.hasQuery() && !url.hasFragment();
    const bool isHere = net::isThisMachine(url.host().toLatin1());
    if (!isPlain || (url.scheme() != "https"_L1 && !(url.scheme() == "http"_L1 && isHere))) {
        return lasting(u"%1 must be an address such as https://secrets.example.com; http is for "
                       "this machine only"_s.arg(variable));
    }
    // Qt leaves the slash of an empty path.
    QString address = url.toString(QUrl::StripTrailingSlash | QUrl::FullyEncoded);
    return address.endsWith(u'/') ? address.chopped(1) : address;
}

} // namespace delta::secrets
