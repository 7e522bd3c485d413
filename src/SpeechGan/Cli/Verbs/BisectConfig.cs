using SpeechGan.Bisect;
using SpeechGan.Cli.Views;
using SpeechGan.Configuration;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`bisect config`: the smallest set of options that makes the fall, by trainings of a scenario's size.</summary>
internal static class BisectConfig
{
    // What says who a run is and not how it trains.
    private static readonly HashSet<string> NoOptions = ["preset", "train.initGenerator", "train.initDiscriminator"];

    /// <summary>Runs it.</summary>
    /// <returns>0: a set is named; 125: the fall does not show at this size, or the good configuration shows it.</returns>
    public static int Run(ConfigRequest request, CancellationToken stop)
    {
        FlakyRate.Require(request.Flaky);
        var differences = Differences(request);
        var place = GoldenPlace.Open(request.Golden);
        var scenario = Scenarios.Find(request.Scenario)[0].Scenario;
        var seed = request.Seed ?? scenario.Seeds[0];
        using var trials = new KnobTrials(
            place,
            scenario,
            seed,
            differences,
            [.. request.Knobs],
            request.Field,
            Path.Combine(Path.GetFullPath(request.Cache ?? BisectFolder.Default), "results"),
            repeats: request.Flaky > 0,
            Terminal.Error.Line,
            stop
        );
        double goodValue = End(trials.Measure([]), "--good"),
            badValue = End(trials.Measure(differences), "--bad");
        if ((request.Below ?? request.Above) is null && goodValue == badValue)
            return NoFall(
                $"Both configurations give {ConfigBisectView.Number(goodValue)} for {request.Field} at the size of scenario "
                    + $"'{scenario.Name}': there is no difference to explain. Take another field or scenario, or make it show with --set "
                    + "(data.mixIn=silent, for example)."
            );
        var (below, above) = Bounds(request, goodValue, badValue);
        var result = new ConfigBisect(differences, set => Judged(trials.Measure(set)), request.Flaky).Run();
        if (result.Needed is null)
            return NoFall(
                $"The --bad configuration does not fail: {request.Field} is {ConfigBisectView.Number(badValue)} and that of --good "
                    + $"{ConfigBisectView.Number(goodValue)}; "
                    + "adjust --below or --above."
            );
        if (result.Needed.Count == 0)
            return NoFall(
                $"The --good configuration already fails: {request.Field} is {ConfigBisectView.Number(goodValue)}; adjust --below or "
                    + $"--above."
            );
        var found = new ConfigBisectFound(request.Field, scenario.Name, seed, request.Knobs, below, above, differences, result);
        if (request.Json)
            Console.WriteLine(ConfigBisectView.Json(found));
        else
            ConfigBisectView.Print(Terminal.Out, found);
        return ExitCode.Good;

        TrialResult Judged(TrialResult measured) =>
            measured.Outcome == TrialOutcome.Skip
                ? measured
                : measured with
                {
                    Outcome = measured.Value < below || measured.Value > above ? TrialOutcome.Bad : TrialOutcome.Good,
                };
    }

    // The options that differ and that --set does not give one value.
    private static KnobDifference[] Differences(ConfigRequest request)
    {
        RunConfig good = Read(request.Good, "--good"),
            bad = Read(request.Bad, "--bad");
        KnobDifference[] differences = [.. good.DifferencesTo(bad).Where(d => !NoOptions.Contains(d.Key))];
        if (differences.Length == 0)
            throw new UsageException(
                $"'{request.Good}' and '{request.Bad}' set every option to the same value: there is nothing to search. If "
                    + $"their results differ nevertheless, search commits (speechgan bisect commits) or data (speechgan bisect data)."
            );
        HashSet<string> pinned = [.. request.Knobs.Select(k => k.Split('=')[0].Trim())];
        differences = [.. differences.Where(d => !pinned.Contains(d.Key))];
        return differences.Length > 0
            ? differences
            : throw new UsageException("--set gives every option that differs one value: there is nothing left to search.");
    }

    // Those that were given; else half-way between the ends: nearer to the bad one is bad.
    private static (double? Below, double? Above) Bounds(ConfigRequest request, double goodValue, double badValue)
    {
        if ((request.Below ?? request.Above) is not null)
            return (request.Below, request.Above);
        var middle = (goodValue + badValue) / 2;
        return badValue < goodValue ? (middle, null) : (null, middle);
    }

    private static double End(TrialResult end, string option) =>
        end.Outcome == TrialOutcome.Skip ? throw new UsageException($"{option} cannot be judged: {end.Detail}") : end.Value!.Value;

    private static int NoFall(string sentence)
    {
        Terminal.Error.Line("speechgan: " + sentence);
        return ExitCode.CannotJudge;
    }

    private static RunConfig Read(string text, string option)
    {
        if (Presets.Names.Contains(text))
            return RunConfig.FromPreset(text);
        if (Directory.Exists(text))
            return RunRecord.Load(text).Config ?? throw new UsageException($"{option} '{text}': the run's configuration cannot be read.");
        return File.Exists(text)
            ? RunConfig.Load(null, text)
            : throw new UsageException(
                $"{option} '{text}' is not a run folder, configuration file or preset ({string.Join(", ", Presets.Names)})."
            );
    }
}
