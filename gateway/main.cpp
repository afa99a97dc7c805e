#include "gateway/app/alert_commands.h"
#include "gateway/app/app.h"
#include "gateway/app/audit_commands.h"
#include "gateway/app/budget_commands.h"
#include "gateway/app/commands.h"
#include "gateway/app/console.h"
#include "gateway/app/file_limit.h"
#include "gateway/app/gateway_commands.h"
#include "gateway/app/kek_commands.h"
#include "gateway/app/limit_commands.h"
#include "gateway/app/main_loop.h"
#include "gateway/app/options.h"
#include "gateway/app/store_commands.h"
#include "gateway/app/version.h"

#include <QCoreApplication>

#include <exception>

namespace {

using namespace delta::app;

ExitCode run(const Options &options)
{
    switch (options.command) {
    case Command::Serve:
        raiseFileLimit();
        return App(options).run();
    case Command::CheckConfig:
        return checkConfig(options);
    case Command::KeysCreate:
        return createKeys(options);
    case Command::KeysList:
        return listKeys(options);
    case Command::KeysRevoke:
        return revokeKey(options);
    case Command::BudgetsList:
        return listBudgets(options);
    case Command::BudgetsSet:
        return setBudget(options);
    case Command::BudgetsReset:
        return resetBudget(options);
    case Command::BudgetsRemove:
        return removeBudget(options);
    case Command::LimitsList:
        return listLimits(options);
    case Command::LimitsSet:
        return setLimit(options);
    case Command::LimitsRemove:
        return removeLimit(options);
    case Command::AlertsList:
        return listAlerts(options);
    case Command::AlertsTest:
        return testAlerts(options);
    case Command::GatewaysList:
        return listGateways(options);
    case Command::GatewaysForget:
        return forgetGateway(options);
    case Command::AuditVerify:
        return verifyAuditLog(options);
    case Command::AuditExport:
        return exportAuditLog(options);
    case Command::AuditPublicKey:
        return showCheckpointKey(options);
    case Command::EraseEndUser:
        return eraseEndUser(options);
    case Command::KekStatus:
        return showSealingKeys(options);
    case Command::KekRotate:
        return rotateSealingKey(options);
    case Command::KekRetire:
        return retireSealingKeys(options);
    case Command::Migrate:
        return migrateStore(options);
    case Command::Verify:
        return verifyLedger(options);
    case Command::Version:
        printLine(QString::fromLatin1(versionText));
        return ExitCode::Ok;
    }
    Q_UNREACHABLE_RETURN(ExitCode::Failed);
}

} // namespace

int main(int argc, char **argv)
{
    const ParsedOptions parsed = parseOptions(argc, argv);
    if (parsed.exit) {
        return static_cast<int>(*parsed.exit);
    }
    useMainLoop();
    const QCoreApplication application(argc, argv);
    try {
        return static_cast<int>(run(parsed.options));
    } catch (const std::exception &error) {
        printError(QStringLiteral("deltallm-gateway: ") + QString::fromUtf8(error.what()));
        return static_cast<int>(ExitCode::Failed);
    }
}
