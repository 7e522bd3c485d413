using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>A golden that a command is about.</summary>
/// <param name="GoldenName">Name, as its files'.</param>
/// <param name="Scenario">The scenario that it pins; null for one of an imported run.</param>
internal sealed record SelectedGolden(string GoldenName, Scenario? Scenario);

/// <summary>The goldens that a command is about: a scenario's in the checkout's folder, or one of imported runs in a folder of the
/// user's.</summary>
/// <param name="Store">The folder.</param>
/// <param name="Name">As the command line named them.</param>
/// <param name="Goldens">The goldens.</param>
internal sealed record GoldenSelection(GoldenStore Store, string Name, IReadOnlyList<SelectedGolden> Goldens)
{
    /// <summary>Finds them.</summary>
    /// <param name="name">Scenario or golden.</param>
    /// <param name="golden">Value of --golden; null: the checkout's.</param>
    /// <param name="store">Value of --store; null: the scenarios' goldens.</param>
    /// <exception cref="UsageException">Both folders are given, or one is not there.</exception>
    /// <exception cref="GoldenException">There is no such golden.</exception>
    public static GoldenSelection Of(string name, string? golden, string? store)
    {
        if (store is null)
            return new GoldenSelection(
                GoldenPlace.Open(golden).Store(),
                name,
                [.. Scenarios.Find(name).Select(g => new SelectedGolden(g.GoldenName, g.Scenario))]
            );
        var own = Open(golden, store);
        string[] names = [.. own.Names.Union(own.Waiting).Order(StringComparer.Ordinal)];
        return names.Contains(name)
            ? new GoldenSelection(own, name, [new SelectedGolden(name, null)])
            : throw new GoldenException(
                $"There is no golden '{name}' in '{own.Folder}'; it has {(names.Length == 0 ? "none" : string.Join(", ", names))}. Pin one "
                    + $"with `speechgan golden pin {name} --run RUN{own.Options}`."
            );
    }

    /// <summary>A folder of goldens of imported runs.</summary>
    /// <param name="golden">Value of --golden, which such a folder has no use for.</param>
    /// <param name="store">Its path.</param>
    /// <param name="received">Folder that takes received files; null: beside the goldens.</param>
    /// <param name="mayBeMade">Whether it may be made where its parent exists.</param>
    /// <exception cref="UsageException">Both are given, or it is not there.</exception>
    public static GoldenStore Open(string? golden, string store, string? received = null, bool mayBeMade = false)
    {
        if (golden is not null)
            throw new UsageException("--golden is the folder of the scenarios' goldens, --store one of imported runs. Give one of them.");
        if (string.IsNullOrWhiteSpace(store) || File.Exists(store))
            throw new UsageException($"--store '{store}' is not a folder. Name one for the goldens of imported runs.");
        var path = Path.GetFullPath(store);
        if (!Directory.Exists(path) && !(mayBeMade && Directory.Exists(Path.GetDirectoryName(path))))
            throw new UsageException(
                mayBeMade
                    ? $"The folder above --store '{store}' does not exist. Create it, or correct the path."
                    : $"--store '{store}' is not an existing folder. `speechgan golden pin NAME --run RUN --store DIR` makes one."
            );
        return new GoldenStore(path, received: received, options: $" --store {store}");
    }
}
