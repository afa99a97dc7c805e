#pragma once

#include "shared/core/clock.h"

#include <QByteArray>
#include <QtTypes>

#include <optional>

namespace delta::store {

/// Which calls a report is about. Absent members do not narrow it.
struct SpendFilter {
    std::optional<QByteArray> keyId = {};          ///< Empty text: calls without a key.
    std::optional<QByteArray> userId = {};         ///< Not empty.
    std::optional<QByteArray> teamId = {};         ///< Not empty.
    std::optional<QByteArray> organizationId = {}; ///< Not empty.
    std::optional<QByteArray> tag = {};            ///< Not empty.
    std::optional<QByteArray> model = {};
    std::optional<WallTime> from = {};  ///< Calls that began at this time or later.
    std::optional<WallTime> until = {}; ///< Calls that began before this time.
};

/// Which part of a long list is wanted.
struct Page {
    qint64 limit = 100; ///< At most 1000.
    qint64 offset = 0;
};

} // namespace delta::store
