#include "tests/architecture/rules.h"

#include <array>

namespace delta::architecture {

std::span<const Rule> rules()
{
    static constexpr std::array table{
        Rule{"includes follow the table", &includesOutsideTheTable},
        Rule{"adapters do not know each other", &adaptersThatKnowEachOther},
        Rule{"libraries stay in their folder", &librariesOutsideTheirFolder},
        Rule{"a source begins with its own header", &sourcesThatBeginWithAnotherHeader},
        Rule{"there are no singletons", &singletons},
        Rule{"there is no debug output", &debugOutput},
        Rule{"no floats come near money", &floatsNearMoney},
        Rule{"only the provider folder names providers", &providerNames},
        Rule{"no work is left for later", &unfinishedWork},
        Rule{"no path leads out of the project", &pathsOutsideTheProject},
        Rule{"files are at most 500 lines long", &tooLongFiles},
        Rule{"19 of 20 files are at most 300 lines long", &tooManyLongFiles},
        Rule{"functions are at most 60 lines long", &tooLongFunctions},
        Rule{"every folder has a short README", &foldersWithoutReadme},
        Rule{"headers begin with their guard", &headersWithoutGuard},
        Rule{"types in headers have a docstring", &typesWithoutDocstring},
        Rule{"SQL files hold one statement and say what it does", &unrulySql},
    };
    return table;
}

} // namespace delta::architecture
