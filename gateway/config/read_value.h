#pragma once

#include "gateway/config/value.h"
#include "gateway/content/content_settings.h"
#include "gateway/ledger/ledger_settings.h"
#include "gateway/net/mail_server.h"
#include "gateway/net/mailbox.h"
#include "gateway/ports/http_reply.h"
#include "gateway/ports/shared_store.h"
#include "gateway/telemetry/log_settings.h"
#include "shared/core/secret.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <chrono>
#include <limits>
#include <optional>
#include <type_traits>
#include <vector>

namespace delta::config {

/// The least and the greatest value that a number, size or duration (in milliseconds) may have.
struct Limits {
    qint64 least = 0;
    qint64 most = std::numeric_limits<int>::max();
};

/// Each read() takes a value into a setting. A null value leaves the setting as it is, and so does
/// a value that is wrong, which is then reported.
void read(const Value &value, const Limits &limits, QString &target);
void read(const Value &value, const Limits &limits, QByteArray &target);
void read(const Value &value, const Limits &limits, Secret &target);
void read(const Value &value, const Limits &limits, bool &target);
void read(const Value &value, const Limits &limits, int &target);
void read(const Value &value, const Limits &limits, qsizetype &target); ///< A size in bytes.
void read(const Value &value, const Limits &limits, std::chrono::milliseconds &target);
void read(const Value &value, const Limits &limits, QStringList &target);
void read(const Value &value, const Limits &limits, ports::HeaderList &target);
void read(const Value &value, const Limits &limits, ledger::Durability &target);
void read(const Value &value, const Limits &limits, ports::DegradedMode &target);
void read(const Value &value, const Limits &limits, content::StoreContent &target);
void read(const Value &value, const Limits &limits, telemetry::LogSink &target);
void read(const Value &value, const Limits &limits, telemetry::LogLevel &target);
void read(const Value &value, const Limits &limits, net::MailSecurity &target);
void read(const Value &value, const Limits &limits, net::Mailbox &target);
void read(const Value &value, const Limits &limits, std::vector<net::Mailbox> &target);

template <typename T>
void read(const Value &value, const Limits &limits, std::optional<T> &target)
{
    if (!value.isNull()) {
        T taken = target.value_or(T());
        const auto errors = value.reading().errors.size();
        read(value, limits, taken);
        if (value.reading().errors.size() == errors) {
            target = std::move(taken);
        }
    }
}

/// Returns what kind of value a setting takes, for people.
template <typename T>
constexpr QLatin1StringView typeName()
{
    using namespace Qt::StringLiterals;
    if constexpr (std::is_same_v<T, bool>) {
        return "true or false"_L1;
    } else if constexpr (std::is_same_v<T, int>) {
        return "whole number"_L1;
    } else if constexpr (std::is_same_v<T, qsizetype>) {
        return "size"_L1;
    } else if constexpr (std::is_same_v<T, std::chrono::milliseconds>) {
        return "duration"_L1;
    } else if constexpr (std::is_same_v<T, Secret>) {
        return "secret"_L1;
    } else if constexpr (std::is_same_v<T, QStringList>) {
        return "list of texts"_L1;
    } else if constexpr (std::is_same_v<T, ports::HeaderList>) {
        return "map of texts"_L1;
    } else if constexpr (std::is_same_v<T, ledger::Durability>) {
        return "grouped or strict"_L1;
    } else if constexpr (std::is_same_v<T, ports::DegradedMode>) {
        return "fail_open or fail_closed"_L1;
    } else if constexpr (std::is_same_v<T, content::StoreContent>) {
        return "never, when_asked or always"_L1;
    } else if constexpr (std::is_same_v<T, telemetry::LogSink>) {
        return "auto, json, journal or text"_L1;
    } else if constexpr (std::is_same_v<T, telemetry::LogLevel>) {
        return "debug, info, warning or error"_L1;
    } else if constexpr (std::is_same_v<T, net::MailSecurity>) {
        return "auto, starttls, tls or none"_L1;
    } else if constexpr (std::is_same_v<T, net::Mailbox>) {
        return "mail address"_L1;
    } else if constexpr (std::is_same_v<T, std::vector<net::Mailbox>>) {
        return "list of mail addresses"_L1;
    } else if constexpr (requires { typename T::value_type; }
                         && !std::is_same_v<T, QString> && !std::is_same_v<T, QByteArray>) {
        return typeName<typename T::value_type>();
    } else {
        return "text"_L1;
    }
}

} // namespace delta::config
