using SpeechGan.Regression;

namespace SpeechGan.Tests.Regression.Goldens;

/// <summary>
/// What a test does with a golden, by Verify's conventions: compares; lays the received file beside the approved one, but not on continuous
/// integration; and accepts where a person has asked for it with SPEECHGAN_ACCEPT=1.
/// </summary>
internal static class GoldenGate
{
    /// <summary>Compares and fails with the comparison's sentence.</summary>
    /// <param name="folder">Folder of the golden files.</param>
    /// <param name="received">What a run gave.</param>
    /// <param name="environment">Environment variables by name.</param>
    public static void Check(string folder, Golden received, Func<string, string?> environment)
    {
        var store = new GoldenStore(folder, environment: environment);
        var comparison = environment("CI") is null or "" or "false" or "0"
            ? store.Check(received)
            : store.Names.Contains(received.Name) ? store.Read(received.Name).CompareWith(received.Trajectory, received.Provenance.Host) : null;
        if (comparison is { Outcome: not GoldenOutcome.Differs })
        {
            TestContext.Out.WriteLine(comparison.Sentence);
            return;
        }
        if (environment("SPEECHGAN_ACCEPT") == "1")
        {
            store.Accept(received.Name);
            TestContext.Out.WriteLine($"Accepted '{store.VerifiedPath(received.Name)}'. Read its difference (git diff) and commit it.");
            return;
        }
        throw new AssertionException(
            (comparison?.Sentence ?? $"There is no golden '{store.VerifiedPath(received.Name)}' yet.") +
            $" If the change is meant, look at '{store.ReceivedPath(received.Name)}' (written outside CI), run the test with SPEECHGAN_ACCEPT=1 and commit the approved file with the reason.");
    }
}
