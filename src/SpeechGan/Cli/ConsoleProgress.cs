using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using SpeechGan.Evaluation;
using SpeechGan.Runs;
using SpeechGan.Training;

namespace SpeechGan.Cli;

/// <summary>Shows a run as it goes: a bar with losses, rate, PESQ and time left on a terminal, a line an epoch in a pipe.</summary>
internal sealed class ConsoleProgress : ITrainingProgress
{
    private readonly Terminal terminal;
    private readonly ProgressContext? bars;
    private readonly ProgressLines? lines;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private ProgressTask? bar;
    private int epochs,
        steps,
        firstStep,
        stepped,
        seen,
        evaluated;
    private long stepsDone,
        stepsLeft;

    private ConsoleProgress(Terminal terminal, ProgressContext? bars)
    {
        (this.terminal, this.bars) = (terminal, bars);
        // An epoch of a real training takes hours on a processor: a line for it alone would be long in coming.
        lines = bars is null
            ? new ProgressLines(TimeProvider.System, terminal.Line, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1))
            : null;
    }

    /// <summary>Runs something that reports progress.</summary>
    public static T Watch<T>(Terminal terminal, Func<ITrainingProgress, T> work)
    {
        if (!terminal.IsLive)
            return work(new ConsoleProgress(terminal, null));
        return terminal
            .Console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .Start(context => work(new ConsoleProgress(terminal, context)));
    }

    public void Note(string sentence) => terminal.Line(sentence);

    public void EpochStarted(int epoch, int epochs, int steps, int firstStep)
    {
        (this.epochs, this.steps, this.firstStep, stepped, seen, evaluated) = (epochs, steps, firstStep, 0, 0, 0);
        stepsLeft = ((long)(epochs - epoch) * steps) + steps - firstStep;
        bar = bars?.AddTask($"epoch {epoch}/{epochs}", maxValue: steps);
        bar?.Increment(firstStep);
    }

    public void StepTaken(StepTelemetry step)
    {
        seen++;
        stepsDone++;
        stepsLeft--;
        stepped += step.DiscriminatorStepped == true ? 1 : 0;
        lines?.At(string.Create(CultureInfo.InvariantCulture, $"epoch {step.Epoch}/{epochs}, steps"), firstStep + seen, steps);
        if (bar is null)
            return;
        var pesq = step.Samples?.Where(s => s.Pesq is not null).Select(s => s.Pesq!.Value).ToList();
        bar.Description = Markup.Escape(
            string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {step.Epoch}/{epochs}  loss {step.Loss.Total:F4}  D "
                    + $"{(step.DiscriminatorLoss is { } d ? d.ToString("F4") : "skipped")}  "
                    + $"rate {100.0 * stepped / seen:F0} %  PESQ {(pesq is { Count: > 0 } ? pesq.Average().ToString("F2") : "none")}  "
                    + $"{Left()} left"
            )
        );
        bar.Increment(1);
    }

    public void UtteranceEvaluated(UtteranceEvaluation evaluation, int count)
    {
        evaluated++;
        lines?.At($"evaluating {evaluation.Split}", evaluated, count);
        if (bar is not null)
            bar.Description = $"evaluating {evaluation.Split} {evaluated}/{count}";
        if (evaluated >= count)
            evaluated = 0;
    }

    public void EpochCompleted(EpochTelemetry epoch, string? verdict, bool isBest)
    {
        bar?.StopTask();
        var left = stepsLeft > 0 && stepsDone > 0 ? $", {Left()} left" : "";
        var validation = epoch.Validation is { } v
            ? $"valid PESQ {Mean(v, UtteranceScores.Pesq, "F3")}, SI-SDR {Mean(v, UtteranceScores.SiSdr, "F2")} dB"
            : "not validated";
        terminal.Line(
            string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {epoch.Epoch, 3}/{epochs}  loss {epoch.Loss.Total:F4}  D "
                    + $"{(epoch.DiscriminatorLoss is { } d ? d.ToString("F4") : "none")}  "
                    + $"{validation}{(isBest ? " (best)" : "")}  [{epoch.Seconds?.Training ?? 0:F0} s + "
                    + $"{epoch.Seconds?.Evaluation ?? 0:F0} s{left}]"
            )
        );
        if (verdict is not null)
            terminal.Line("             " + verdict);
    }

    // Evaluations included, as they came so far.
    private string Left()
    {
        var left = TimeSpan.FromSeconds(clock.Elapsed.TotalSeconds / stepsDone * stepsLeft);
        return string.Create(CultureInfo.InvariantCulture, $"{(long)left.TotalHours}:{left:mm\\:ss}");
    }

    private static string Mean(ValidationSummary summary, string metric, string format) =>
        summary.Mean.TryGetValue(metric, out var value)
            ? value.ToString(format, CultureInfo.InvariantCulture)
            : $"none ({summary.Missing[metric]} without a value)";
}
