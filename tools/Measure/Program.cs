using SpeechGan.Tools.Measure;

// One line a measurement: its name on the command line and what makes it.
var measurements = new Dictionary<string, Func<string[], Task<int>>>
{
    ["healthy-runs"] = words => Task.FromResult(HealthyRuns.Run(words)),
    ["halves"] = words => Task.FromResult(UnseenProof.Run(words)),
    ["natural-causes"] = words => Task.FromResult(NaturalCauses.Run(words)),
    ["diagnosis-matrix"] = words => Task.FromResult(DiagnosisMatrix.Run(words)),
    ["golden-spread"] = GoldenSpread.RunAsync,
    ["golden-replays"] = GoldenReplays.RunAsync,
};

if (args.Length == 0 || !measurements.TryGetValue(args[0], out var measurement))
{
    Console.Error.WriteLine(
        $"Usage: Measure {string.Join('|', measurements.Keys)} [arguments]; the scripts in tools/ are made for people."
    );
    return 2;
}

try
{
    return await measurement(args[1..]);
}
catch (InvalidOperationException e)
{
    Console.Error.WriteLine($"Measure: {e.Message}");
    return 3;
}
