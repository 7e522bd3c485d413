using System.CommandLine;

namespace SpeechGan.Cli.Verbs;

/// <summary>`compare`: what differs between two trainings, and where it began.</summary>
internal static class CompareVerb
{
    public static Command Make()
    {
        var a = new Argument<string>("A")
        {
            Description = "A run folder, commit:REV, config:FILE, set:key=value, device:NAME, threads:N or as-is",
        };
        var b = new Argument<string>("B") { Description = "The other side, in the same forms" };
        var scenario = new Option<string?>("--scenario")
        {
            Description =
                "What is trained (speechgan golden list); for run folders: whose tolerances hold (default for trainings: healthy)",
            HelpName = "NAME",
        };
        var data = new Option<string?>("--data") { Description = "Train on this corpus in place of a scenario", HelpName = "DIR" };
        var preset = new Option<string?>("--preset") { Description = "Preset of trainings on --data (default: tiny)", HelpName = "NAME" };
        var epochs = new Option<int?>("--epochs") { Description = "Epochs of trainings on --data (default: 2)", HelpName = "N" };
        var steps = new Option<int?>("--steps") { Description = "Steps of each epoch on --data (default: 8)", HelpName = "N" };
        var seeds = new Option<long[]>("--seeds", "--seed")
        {
            Description = "Seeds, both sides trained with each (default: 1 2 3 4 5, the fewest for an interval over seeds)",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "N",
        };
        var set = new Option<string[]>("--set") { Description = "An option of both sides", HelpName = "key=value" };
        var repeat = new Option<int>("--repeat")
        {
            Description = "Train A so many more times with one seed and measure the spread of one seed from that",
            HelpName = "N",
        };
        var sameSeed = new Option<string[]>("--same-seed")
        {
            Description = "For run folders: a further run of A's seed and settings; the spread of one seed is measured from A and these",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "RUN",
        };
        var assertion = new Option<string>("--assert")
        {
            Description =
                "Exit code 0 where this holds: equal (to the bit), within (the spread of one seed), pesq (no difference beyond seeds)",
            DefaultValueFactory = _ => "within",
            HelpName = "equal|within|pesq",
        };
        var output = new Option<string?>("--out") { Description = "Write one HTML page with both runs", HelpName = "FILE" };
        var keep = new Option<string?>("--keep")
        {
            Description = "Keep the run folders that were trained in this folder",
            HelpName = "DIR",
        };
        var building = new BuildOptions("training");
        var trace = new Option<bool>("--trace")
        {
            Description = "Trace the first step that differs in both sides, and name the first module that differs beyond rounding",
        };
        var traceStep = new Option<long?>("--trace-step") { Description = "Trace this step instead", HelpName = "N" };
        var json = SharedOptions.Json();
        var verb = new Command(
            "compare",
            "Say what differs between two trainings, where it begins, and whether PESQ differs by more than seeds do."
        )
        {
            a,
            b,
            scenario,
            data,
            preset,
            epochs,
            steps,
            seeds,
            set,
            repeat,
            sameSeed,
            assertion,
            output,
            keep,
            trace,
            traceStep,
            json,
        };
        building.AddTo(verb);
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                        CompareRun.Run(
                            new CompareRequest
                            {
                                A = parsed.GetValue(a)!,
                                B = parsed.GetValue(b)!,
                                Scenario = parsed.GetValue(scenario),
                                Data = parsed.GetValue(data),
                                Preset = parsed.GetValue(preset),
                                Epochs = parsed.GetValue(epochs),
                                Steps = parsed.GetValue(steps),
                                Seeds = parsed.GetValue(seeds) ?? [],
                                Knobs = parsed.GetValue(set) ?? [],
                                Repeat = parsed.GetValue(repeat),
                                SameSeed = parsed.GetValue(sameSeed) ?? [],
                                Assertion = CompareRequest.Asserted(parsed.GetValue(assertion)!),
                                Output = parsed.GetValue(output),
                                Keep = parsed.GetValue(keep),
                                Building = building.Of(parsed),
                                Trace = parsed.GetValue(trace) || parsed.GetValue(traceStep) is not null,
                                TraceStep = parsed.GetValue(traceStep),
                                Json = parsed.GetValue(json),
                            },
                            stop
                        )
                    )
                )
        );
        return verb;
    }
}
