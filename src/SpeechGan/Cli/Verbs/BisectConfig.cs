using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using SpeechGan.Bisect;
using SpeechGan.Configuration;
using SpeechGan.Engine;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>What `bisect config` was asked for.</summary>
internal sealed record ConfigRequest
{
    public required string Good { get; init; }

    public required string Bad { get; init; }

    public required string Scenario { get; init; }

    public required string Field { get; init; }

    public double? Below { get; init; }

    public double? Above { get; init; }

    public IReadOnlyList<string> Knobs { get; init; } = [];

    public long? Seed { get; init; }

    public double Flaky { get; init; }

    public string? Cache { get; init; }

    public string? Golden { get; init; }

    public bool Json { get; init; }
}

/// <summary>`bisect config`: the smallest set of options that makes the fall, by trainings of a scenario's size.</summary>
internal static class BisectConfig
{
    /// <summary>A pseudo-field: the largest distance of a field from the good configuration's, over the epochs.</summary>
    public const string Distance = "distance.";

    // What says who a run is and not how it trains.
    private static readonly HashSet<string> NoOptions = ["preset", "train.initGenerator", "train.initDiscriminator"];

    /// <summary>Runs it.</summary>
    /// <returns>0: a set is named; 125: the fall does not show at this size, or the good configuration shows it.</returns>
    public static int Run(ConfigRequest request, CancellationToken stop)
    {
        if (request.Flaky is not (>= 0 and < 0.5))
            throw new UsageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--flaky is {request.Flaky}; allowed is 0 to below 0.5, the share of trials that lie."
                )
            );
        RunConfig good = Read(request.Good, "--good"),
            bad = Read(request.Bad, "--bad");
        KnobDifference[] differences = [.. good.DifferencesTo(bad).Where(d => !NoOptions.Contains(d.Key))];
        if (differences.Length == 0)
            throw new UsageException(
                $"'{request.Good}' and '{request.Bad}' set every option alike: there is nothing to search. If their results differ all "
                    + $"the same, search commits (speechgan bisect commits) or data (speechgan bisect data)."
            );
        var place = GoldenPlace.Open(request.Golden);
        using var trial = new ScenarioTrial(place, stop);
        var scenario = Scenarios.Find(request.Scenario)[0].Scenario;
        var seed = request.Seed ?? scenario.Seeds[0];
        // The scenario's size, the good configuration's values of what differs, and what was asked for on top.
        string[] fixedKnobs = [.. request.Knobs];
        HashSet<string> pinned = [.. fixedKnobs.Select(k => k.Split('=')[0].Trim())];
        differences = [.. differences.Where(d => !pinned.Contains(d.Key))];
        if (differences.Length == 0)
            throw new UsageException("--set gives every option that differs one value: there is nothing left to search.");
        string[] start = [.. differences.Select(d => $"{d.Key}={d.Here}"), .. fixedKnobs];
        trial.Config(scenario, seed, start);
        var cache = new TrialCache(Path.Combine(Path.GetFullPath(request.Cache ?? BisectFolder.Default), "results"));
        var attempts = new Dictionary<string, int>();
        var byDistance = request.Field.StartsWith(Distance, StringComparison.Ordinal);
        var reading = FieldReading.Of(byDistance ? request.Field[Distance.Length..] : request.Field);
        IReadOnlyDictionary<int, double>? reference = null;
        var number = 0;
        TrialResult goodEnd = Require(Measure([]), "--good"),
            badEnd = Require(Measure(differences), "--bad");
        double goodValue = goodEnd.Value!.Value,
            badValue = badEnd.Value!.Value;
        double? below = request.Below,
            above = request.Above;
        if ((below ?? above) is null)
        {
            if (goodValue == badValue)
                return NoFall(
                    $"Both configurations give {Number(goodValue)} for {request.Field} at the size of scenario '{scenario.Name}': "
                        + $"there is no fall to explain. Take another field or scenario, or make it show with --set "
                        + $"(data.mixIn=silent, for "
                        + $"example)."
                );
            // Half-way between the ends: nearer to the bad one is bad.
            var middle = (goodValue + badValue) / 2;
            if (badValue < goodValue)
                below = middle;
            else
                above = middle;
        }
        var result = new ConfigBisect(differences, set => Judged(Measure(set)), request.Flaky).Run();
        if (result.Needed is null)
            return NoFall(
                $"The --bad configuration does not fail: {request.Field} is {Number(badValue)} and that of --good {Number(goodValue)}; "
                    + "adjust --below or --above."
            );
        if (result.Needed.Count == 0)
            return NoFall($"The --good configuration already fails: {request.Field} is {Number(goodValue)}; adjust --below or --above.");
        if (request.Json)
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        request.Field,
                        scenario = scenario.Name,
                        seed,
                        fixedKnobs,
                        below,
                        above,
                        differences,
                        result.Needed,
                        result.Good,
                        result.Bad,
                        result.Reproduced,
                        result.Sufficient,
                        result.Necessary,
                        result.AlsoSufficient,
                        result.Effects,
                        result.Trials,
                    },
                    RunJson.Document
                )
            );
        else
            Print(request, scenario, seed, differences.Length, below, above, result);
        return ExitCode.Good;

        TrialResult Judged(TrialResult measured) =>
            measured.Outcome == TrialOutcome.Skip
                ? measured
                : measured with
                {
                    Outcome = measured.Value < below || measured.Value > above ? TrialOutcome.Bad : TrialOutcome.Good,
                };

        TrialResult Require(TrialResult end, string option) =>
            end.Outcome != TrialOutcome.Skip ? end : throw new UsageException($"{option} cannot be judged: {end.Detail}");

        // A training of the scenario's size; its value, no judgement yet.
        TrialResult Measure(IReadOnlyList<KnobDifference> set)
        {
            stop.ThrowIfCancellationRequested();
            string[] knobs = [.. start, .. set.Select(d => $"{d.Key}={d.There}"), .. fixedKnobs];
            var name = set.Count == 0 ? "the good one" : string.Join(" ", set.Select(d => $"{d.Key}={d.There}"));
            try
            {
                var config = trial.Config(scenario, seed, knobs);
                var attempt = attempts[name] = attempts.GetValueOrDefault(name) + 1;
                // The first measurement of the ends is asked for again by the search: not trained again where nothing lies.
                var again = request.Flaky > 0 ? attempt : 1;
                var key = string.Create(
                    CultureInfo.InvariantCulture,
                    $"config {Versions.Program} {Versions.GitCommit} {typeof(BisectConfig).Module.ModuleVersionId}\n{scenario.Name} "
                        + $"{place.Surroundings(DateTimeOffset.UnixEpoch).Inputs}\n{config.ToJson()}\n{reading}\n"
                        + $"{TensorHost.Fingerprint(config).InWords()}\nattempt {again}"
                );
                var found = cache.Find(key);
                if (found is null)
                {
                    var clock = System.Diagnostics.Stopwatch.StartNew();
                    var trajectory = Trajectory.Of(trial.Run(scenario, config));
                    found = new TrialResult
                    {
                        Outcome = TrialOutcome.Good,
                        Detail = "",
                        Value = reading.Value(trajectory),
                        Epochs = reading.Series(trajectory),
                        Seconds = Math.Round(clock.Elapsed.TotalSeconds, 1),
                    };
                    cache.Keep(key, found);
                }
                if (byDistance)
                {
                    reference ??= found.Epochs!;
                    found = found with
                    {
                        Value = found.Epochs!.Where(e => reference.ContainsKey(e.Key)).Max(e => Math.Abs(e.Value - reference[e.Key])),
                    };
                }
                if (attempt == 1)
                    Terminal.Error.Line(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"[{++number}] {name}: {request.Field} {Number(found.Value!.Value)} "
                                + $"({(found.FromCache ? "known from before" : $"{found.Seconds:F1} s")})"
                        )
                    );
                return found;
            }
            catch (ConfigException e)
            {
                Terminal.Error.Line($"[{++number}] {name}: refused: {e.Message}");
                return new TrialResult { Outcome = TrialOutcome.Skip, Detail = e.Message };
            }
            catch (Exception e) when (e is Training.NonFiniteException or BisectException && set.Count > 0)
            {
                Terminal.Error.Line($"[{++number}] {name}: {e.Message}");
                return new TrialResult { Outcome = TrialOutcome.Skip, Detail = e.Message };
            }
        }
    }

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

    private static void Print(
        ConfigRequest request,
        Scenario scenario,
        long seed,
        int options,
        double? below,
        double? above,
        ConfigBisectResult result
    )
    {
        var terminal = Terminal.Out;
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Needed!.Count} of {options} options {(result.Needed.Count == 1 ? "makes" : "make")} the fall of "
                    + $"{request.Field}: {string.Join(", ", result.Needed.Select(d => $"{d.Key} {d.Here} -> {d.There}"))}"
            )
        );
        terminal.Line();
        terminal.Line(
            $"  run         scenario {scenario.Name}, seed "
                + $"{seed}{(request.Knobs.Count > 0 ? ", " + string.Join(" ", request.Knobs) : "")}; {result.Trials} configurations tried"
        );
        terminal.Line(
            $"  good        {Number(result.Good)}   bad {Number(result.Bad)}   with these options alone {Number(result.Reproduced)}"
        );
        terminal.Line($"  judged      bad {(below is not null ? "below " + Number(below) : "above " + Number(above))}");
        terminal.Line($"  sufficient  {(result.Sufficient ? "yes: on the good configuration they show the fault" : "NO")}");
        terminal.Line($"  necessary   {(result.Necessary ? "yes: the set without any one of them does not show it" : "NO")}");
        foreach (var other in result.AlsoSufficient)
            terminal.Line($"  also        {other.Key} {other.Here} -> {other.There} shows the fault by itself: a cure must take both back");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("option", "good -> bad", "needed", "alone", "effect", "without it", "effect");
        foreach (var e in result.Effects)
        {
            var whole = e.Needed ? result.Reproduced : result.Bad;
            table.AddRow(
                Markup.Escape(e.Difference.Key),
                Markup.Escape($"{e.Difference.Here} -> {e.Difference.There}"),
                e.Needed ? "yes" : "no",
                e.AloneOutcome == TrialOutcome.Skip ? "refused" : Number(e.Alone),
                Change(e.Alone, result.Good),
                e.RemovedOutcome == TrialOutcome.Skip ? "refused" : Number(e.Removed),
                Change(e.Removed, whole)
            );
        }
        terminal.Table(table);
    }

    private static string Number(double? value) => value?.ToString("G5", CultureInfo.InvariantCulture) ?? "none";

    private static string Change(double? value, double? from) =>
        value is { } v && from is { } f ? (v - f).ToString("+0.####;-0.####;0", CultureInfo.InvariantCulture) : "";
}
