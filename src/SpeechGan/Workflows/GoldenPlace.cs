using System.Security.Cryptography;
using SpeechGan.Goldens;

namespace SpeechGan.Workflows;

/// <summary>The folder <c>golden/</c>: corpus, the weights the scenarios begin with, approved trajectories and their tolerances.</summary>
/// <param name="root">Its path.</param>
internal sealed class GoldenPlace(string root)
{
    /// <summary>Full path.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The bundled corpus.</summary>
    public string Corpus => Path.Combine(Root, "corpus");

    /// <summary>The generator's weights that scenarios begin with.</summary>
    public string Generator => Path.Combine(Root, "networks", "generator.safetensors");

    /// <summary>The discriminator's.</summary>
    public string Discriminator => Path.Combine(Root, "networks", "discriminator.safetensors");

    /// <summary>The goldens.</summary>
    public string Trajectories => Path.Combine(Root, "trajectories");

    /// <summary>The table of tolerances.</summary>
    public string TolerancesFile => Path.Combine(Trajectories, ToleranceTable.FileName);

    /// <summary>Opens the given folder, or the one of the checkout that this program was built in.</summary>
    /// <exception cref="UsageException">It is not there, or not complete.</exception>
    public static GoldenPlace Open(string? given = null)
    {
        var place = new GoldenPlace(
            given
                ?? Checkout.GoldenFolder
                ?? throw new UsageException(
                    "No folder golden/ is above this program. Run it in a checkout of the project, or name the folder with --golden DIR."
                )
        );
        foreach (var part in new[] { Path.Combine(place.Corpus, "train"), place.Trajectories })
            if (!Directory.Exists(part))
                throw new UsageException(
                    $"'{place.Root}' is not a folder of goldens: it has no '{part}'. Name the checkout's golden/ with --golden DIR."
                );
        foreach (var file in new[] { place.Generator, place.Discriminator })
            if (!File.Exists(file))
                throw new UsageException(
                    $"'{file}' is missing, the weights that scenarios begin with. Restore it from version control, or make it with "
                        + $"tools/make-golden-networks."
                );
        return place;
    }

    /// <summary>The goldens' files.</summary>
    /// <param name="received">Folder that takes received files; null: beside the goldens.</param>
    public GoldenStore Store(string? received = null) => new(Trajectories, received: received);

    /// <summary>The table of tolerances; an empty one where nothing was measured yet.</summary>
    /// <exception cref="GoldenException">The file is not sound.</exception>
    public ToleranceTable Tolerances() =>
        File.Exists(TolerancesFile)
            ? ToleranceTable.Parse(File.ReadAllText(TolerancesFile), TolerancesFile)
            : new ToleranceTable { Measured = "nothing yet (tools/pin-goldens)", Scenarios = new Dictionary<string, Tolerances>() };

    /// <summary>Bounds of performance figures, as shares: of each the widest that was measured; none where nothing was.</summary>
    /// <exception cref="GoldenException">The file is not sound.</exception>
    public Tolerances PerformanceBounds()
    {
        var path = Path.Combine(Trajectories, GoldenPerformance.BoundsFile);
        return File.Exists(path) && ToleranceTable.Parse(File.ReadAllText(path), path) is { Scenarios.Count: > 0 } table
            ? table.For(table.Scenarios.Keys.First())
            : Goldens.Tolerances.None;
    }

    /// <summary>For the provenance of what a check receives.</summary>
    public GoldenSurroundings Surroundings(DateTimeOffset now) =>
        new(
            Versions.Program + (Versions.GitCommit is { } commit ? $" ({commit[..Math.Min(12, commit.Length)]})" : ""),
            $"corpus {Digest(Path.Combine(Corpus, "SHA256SUMS"))}, weights {Digest(Generator, Discriminator)}",
            now.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)
        );

    private static string Digest(params string[] files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
            hash.AppendData(File.ReadAllBytes(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
