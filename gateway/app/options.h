#pragma once

#include "shared/models/budget.h"
#include "shared/models/rate_limit.h"
#include "shared/models/rate_limits.h"

#include <QString>
#include <QStringList>
#include <QtTypes>

#include <optional>

namespace delta::app {

/// What the process tells its caller when it ends. Documented in --help.
enum class ExitCode : int {
    Ok = 0,
    Failed = 1,       ///< It ran and could not do what was asked.
    Usage = 2,        ///< The command line is wrong.
    BadConfig = 3,    ///< The configuration does not load; every problem was printed.
    PortTaken = 4,    ///< The address to listen on is taken, or not to be had.
    LedgerBroken = 5, ///< `verify` found figures that do not add up, `audit verify` a change.
};

/// What the program is to do.
enum class Command {
    Serve,
    CheckConfig,
    KeysCreate,
    KeysList,
    KeysRevoke,
    BudgetsList,
    BudgetsSet,
    BudgetsReset,
    BudgetsRemove,
    LimitsList,
    LimitsSet,
    LimitsRemove,
    AlertsList,
    AlertsTest,
    GatewaysList,
    GatewaysForget,
    AuditVerify,
    AuditExport,
    AuditPublicKey,
    EraseEndUser,
    KekStatus,
    KekRotate,
    KekRetire,
    Migrate,
    Verify,
    Version,
};

/// Whether a command prints for people or for programs.
enum class OutputForm { Text, Json };

/// What `gateways forget` does with one that seems to run.
enum class IfGatewaySeen { Refuse, Forget };

/// A command line, understood.
struct Options {
    Command command = Command::Serve;
    QString configFile;            ///< Empty: none given and none found in the usual places.
    QString stateDir;              ///< Never empty.
    std::optional<QString> listen; ///< --listen; absent if it is not given.
    /// PORT of the environment, which takes the place of the configured port; empty: not set. HOST
    /// is not read: shells and package managers set it to the name of the machine.
    QString port;
    OutputForm output = OutputForm::Text;

    QString keyAlias; ///< keys create
    QString keyUser;
    QString keyTeam;
    QString keyOrganization;
    QStringList keyTags;
    QStringList keyModels;
    QString keyDuration; ///< "30d", "12h"; empty: never expires.
    int keyCount = 1;
    std::optional<Budget> keyBudget; ///< Of each key; it lacks id and scope. Absent: none.
    RateLimits keyLimits;            ///< Of each key.
    QString keyId;                   ///< keys revoke: an id or an alias.

    Budget budget;       ///< budgets set; an empty id: a new one.
    QString budgetId;    ///< budgets reset, budgets remove
    QString resetReason; ///< budgets reset; empty: none is given.

    qint64 gatewayId = 0; ///< gateways forget: the number of its journal.
    IfGatewaySeen ifGatewaySeen = IfGatewaySeen::Refuse;

    QStringList checkpoints;  ///< audit verify: SEQUENCE:HASH each.
    QString checkpointLog;    ///< audit verify: a file with what a gateway logged, "-": the input.
    QString endUser;          ///< erase-end-user
    bool isConfirmed = false; ///< erase-end-user: whether it is done, and not only told of.

    /// kek rotate: whether all other gateways of the database have the new key already.
    bool areKeysCopied = false;

    RateLimit limit; ///< limits set; limits remove, where it has no limits.
};

/// The command line, or the code to end with after help or an error was printed.
struct ParsedOptions {
    Options options;
    std::optional<ExitCode> exit;
};

/// Reads the command line and the environment. Prints help, the version and errors itself.
[[nodiscard]] ParsedOptions parseOptions(int argc, char **argv);

} // namespace delta::app
