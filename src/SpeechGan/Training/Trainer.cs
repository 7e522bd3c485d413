using System.Diagnostics;
using SpeechGan.Data;
using SpeechGan.Diagnostics;
using SpeechGan.Distributed;
using SpeechGan.Evaluation;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Runs;
using SpeechGan.Training.Checks;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>
/// The whole life of a run: reconstruction checks, epochs of steps, validation, the discriminator's rate, checkpoints, and the test at the
/// end. Interrupted at any instant and resumed, it ends with the same bits as if it had never stopped.
/// </summary>
/// <remarks>
/// In a group every rank runs the same loop on its part of each batch and holds the same weights; rank 0 alone has the run folder, reads
/// checkpoints for all and writes.
/// </remarks>
public sealed class Trainer : IDisposable
{
    private readonly RunJournal? journal; // null on ranks other than 0
    private readonly FirstRank first;
    private readonly RunConfig config;
    private readonly PairedCorpus corpus;
    private readonly ITrainingProgress progress;
    private readonly IProcessGroup group;
    private readonly Replicas replicas;
    private readonly Networks networks;
    private readonly TrainStep trainStep;
    private readonly RunEvaluation evaluation;
    private readonly EpochMeasurement measurement;
    private readonly BatchReader batches;
    private readonly FaultPoints faults;
    private readonly TestedKernels kernels;
    private RunState state = new();
    private Finding? stoppedBy;
    private bool unsaved; // steps taken since the last checkpoint

    /// <summary>Prepares a run; the networks get the seed's initial values.</summary>
    /// <param name="folder">The run's open folder; its configuration decides everything.</param>
    /// <param name="corpus">Training, validation and test utterances.</param>
    /// <param name="progress">Told what happens.</param>
    /// <exception cref="CorpusException">The corpus has fewer utterances than a batch takes.</exception>
    /// <exception cref="StateDictException">A file of initial weights is of other sizes.</exception>
    public Trainer(RunFolder folder, PairedCorpus corpus, ITrainingProgress progress)
        : this(folder ?? throw new ArgumentNullException(nameof(folder)), folder.Config, corpus, progress, SoleProcess.Instance) { }

    /// <summary>Prepares one rank of a run; rank 0's initial values are everybody's.</summary>
    /// <param name="folder">The run's open folder on rank 0, null on the others.</param>
    /// <param name="config">The run's configuration, the same on all ranks but for the device.</param>
    /// <param name="corpus">Training, validation and test utterances.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="group">The processes of the run.</param>
    /// <exception cref="CorpusException">The corpus has fewer utterances than a batch takes.</exception>
    /// <exception cref="StateDictException">A file of initial weights is of other sizes.</exception>
    /// <exception cref="GroupException">A rank is gone.</exception>
    /// <exception cref="KernelException">This machine computes the networks wrongly.</exception>
    /// <param name="tested">What <see cref="Preflight.Check"/> gave; null: the kernels are tested here.</param>
    public Trainer(
        RunFolder? folder,
        RunConfig config,
        PairedCorpus corpus,
        ITrainingProgress progress,
        IProcessGroup group,
        TestedKernels? tested = null
    )
        : this(folder, config, corpus, progress, group, FaultPoints.None, tested) { }

    internal Trainer(
        RunFolder? folder,
        RunConfig config,
        PairedCorpus corpus,
        ITrainingProgress progress,
        IProcessGroup group,
        FaultPoints faults,
        TestedKernels? tested = null
    )
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(group);
        (this.config, this.corpus, this.progress, this.group, this.faults) = (config, corpus, progress, group, faults);
        journal = folder is null ? null : new RunJournal(folder, progress);
        first = new FirstRank(group, journal);
        batches = new BatchReader(corpus.Train, TrainingBatches.Options(config, group), corpus.MixIn);
        set_num_threads(config.Train.Threads);
        group.Together(() => tested ??= KernelSelfTest.Run(config, TestPurpose.Training, faults.Kernels));
        kernels = tested!;
        networks = new Networks(config, kernels);
        trainStep = new TrainStep(networks, config, group, faults);
        evaluation = new RunEvaluation(networks, new SharedEvaluation(new Evaluator(config), group), journal, progress, faults);
        replicas = new Replicas(group, networks, config.Train);
        measurement = new EpochMeasurement(config, corpus, networks, evaluation, replicas, group, faults);
        group.Together(() => InitialWeights.Load(networks, config));
        replicas.ShareAll();
        first.Do(j => j.Folder.Note(kernels.Record));
        if (kernels.Sentence is { } sentence)
            progress.Note(sentence);
    }

    /// <summary>Whether a cause that is confirmed while it trains ends the run, as a wish to stop does.</summary>
    public bool StopOnConfirmed { get; init; }

    /// <summary>The confirmed cause that ended the run; null where none did.</summary>
    public Finding? StoppedBy => stoppedBy;

    private int StepsPerEpoch =>
        config.Train.StepsPerEpoch == 0 ? batches.BatchesPerEpoch : Math.Min(config.Train.StepsPerEpoch, batches.BatchesPerEpoch);

    /// <summary>Goes back to the newest sound checkpoint, or to the beginning where there is none.</summary>
    public void Resume()
    {
        group.Doing = "resuming";
        if (first.Read(store => store.FindLast(), progress.Note) is { } found)
        {
            state = faults.Resumed(CheckpointParts.Restore(found, networks));
            first.Do(j => j.Checkpoints.ContinueFrom(found));
            first.Do(j => j.Folder.Note(Resumptions.Of(found, networks, state, config)));
            progress.Note($"Continuing from checkpoint {found.Name}: {state.Step} steps done.");
        }
        else
        {
            progress.Note("There is no checkpoint yet: starting from the beginning.");
        }
        first.Do(j => j.Folder.RewindTo(state.Positions));
    }

    /// <summary>Begins where another run's checkpoint stood: weights, optimisers and epoch are its, the record and what trains on are this
    /// run's.</summary>
    /// <param name="checkpoint">Made at the end of an epoch, of networks of these sizes.</param>
    /// <exception cref="StateDictException">The checkpoint is of other sizes.</exception>
    internal void StartFrom(Checkpoint checkpoint) =>
        state = CheckpointParts.Restore(checkpoint, networks) with { Positions = RunPositions.Start };

    /// <summary>Trains until the last epoch is done.</summary>
    /// <param name="stop">Asks for an end after the current step; a checkpoint is made there.</param>
    /// <returns>Whether the run is complete.</returns>
    /// <exception cref="NonFiniteException">A loss or gradient is not finite.</exception>
    public bool Run(CancellationToken stop = default)
    {
        if (journal is not null)
        {
            trainStep.Continue(journal.Begin(state.Step));
            journal.Announce(TrainingDisk.Of(networks, config, StepsPerEpoch, corpus.Valid.Count, state.Epoch));
        }
        first.Patiently("the audit of the corpus", () => first.Do(j => j.Audit(corpus, config.Data.Workers, stop)));
        if (state.Step == 0)
            first.Patiently("the reconstruction checks", CheckReconstruction);
        Diagnose();
        if (group.Any(stoppedBy is not null))
            return Interrupt();
        for (var epoch = state.Epoch + 1; epoch <= config.Train.Epochs; epoch++)
        {
            Schedule.Apply(networks, config.Optimizer, epoch);
            if (!TrainEpoch(epoch, stop))
                return Interrupt();
            Diagnose();
            if (epoch < config.Train.Epochs && group.Any(stop.IsCancellationRequested || stoppedBy is not null))
                return Interrupt();
        }
        Test();
        first.Do(j => j.Folder.Complete());
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => networks.Dispose();

    private void CheckReconstruction()
    {
        first.Do(j =>
        {
            var checks = new StartChecks(networks, config, kernels, faults).Run(batches, corpus, evaluation.Enhance, (clean, estimate) =>
                EstimateScoring.Begin(clean, estimate, config.Metric.Workers).GetAwaiter().GetResult().Scores
            );
            j.Append(checks);
            foreach (var sentence in ReconstructionAdvice.InWords(checks))
                progress.Note(sentence);
        });
        evaluation.RecordNoisy(corpus.Valid, RecordName.Valid);
        evaluation.RecordNoisy(corpus.Test, RecordName.Test);
    }

    /// <summary>Takes the epoch's steps, measures it and saves what is to be saved.</summary>
    /// <returns>Whether it is complete.</returns>
    private bool TrainEpoch(int epoch, CancellationToken stop)
    {
        progress.EpochStarted(epoch, config.Train.Epochs, StepsPerEpoch, state.StepInEpoch);
        networks.Train(true);
        var training = Stopwatch.StartNew();
        var steps = state.StepInEpoch == 0 || journal is null ? [] : new List<StepTelemetry>(journal.Folder.StepsOf(epoch));
        // Batch i of epoch e is a function of seed, e and i, so an interrupted epoch goes on where it was.
        using var reader = batches.Read(epoch, state.StepInEpoch, CancellationToken.None).GetEnumerator();
        while (state.StepInEpoch < StepsPerEpoch)
        {
            group.Doing = $"epoch {epoch}, step {state.Step + 1}";
            // A request to stop, or a batch that cannot be read, on one rank ends the step on all.
            if (group.ShareTogether(() => stop.IsCancellationRequested || !reader.MoveNext()).Contains(true))
                return false;
            if (faults.Skips(reader.Current, epoch, state.Step + 1))
                state = state with { StepInEpoch = state.StepInEpoch + 1 };
            else
                steps.Add(TakeStep(reader.Current, epoch));
        }
        CloseEpoch(epoch, steps, reader.Current, training.Elapsed);
        return true;
    }

    private StepTelemetry TakeStep(Batch batch, int epoch)
    {
        var step = FiniteStep(batch, epoch);
        journal?.Append(step);
        progress.StepTaken(step);
        state = state with { Step = state.Step + 1, StepInEpoch = state.StepInEpoch + 1 };
        unsaved = true;
        if (config.Train.ReplicaCheckSteps > 0 && state.Step % config.Train.ReplicaCheckSteps == 0)
            replicas.Compare(state.Step);
        var every = config.Checkpoint.EverySteps;
        if (every > 0 && state.StepInEpoch % every == 0 && state.StepInEpoch < StepsPerEpoch)
            Save();
        return step;
    }

    private StepTelemetry FiniteStep(Batch batch, int epoch)
    {
        try
        {
            return trainStep.Run(batch, epoch, state.Step + 1);
        }
        catch (NonFiniteException e)
        {
            // No line of steps.jsonl tells of a step that was not taken. The run ends here: no other rank waits.
            journal?.Folder.Note(new NonFiniteValue(e.Epoch, e.Step, e.Message));
            journal?.DiagnoseEnd();
            throw;
        }
    }

    /// <summary>The epoch in numbers, its validation, and everything on the disk, published by one rename.</summary>
    private void CloseEpoch(int epoch, IReadOnlyList<StepTelemetry> steps, Batch? last, TimeSpan training)
    {
        group.Doing = $"the end of epoch {epoch}";
        var telemetry = measurement.Summarise(epoch, steps, StepsPerEpoch, training);
        var isBest = false;
        if (measurement.IsValidated(epoch))
        {
            telemetry = measurement.Validate(telemetry, steps, last);
            isBest = MoveBest(epoch, telemetry.Validation!);
        }
        telemetry = telemetry with { BestEpoch = state.Best?.Epoch, BestPesq = state.Best?.Pesq };
        journal?.Append(telemetry, steps);
        progress.EpochCompleted(telemetry, RateVerdict.Of(telemetry), isBest);
        state = state with { Epoch = epoch, StepInEpoch = 0 };
        if (isBest || epoch % config.Checkpoint.EveryEpochs == 0 || epoch == config.Train.Epochs)
            Save();
    }

    private bool MoveBest(int epoch, ValidationSummary validation)
    {
        if (!validation.Mean.TryGetValue(UtteranceScores.Pesq, out var pesq) || !(pesq > (state.Best?.Pesq ?? double.NegativeInfinity)))
            return false;
        state = state with { Best = new BestSoFar(epoch, pesq) };
        return true;
    }

    /// <summary>Scores the test part once, with the weights that validation chose. It chooses nothing itself.</summary>
    private void Test()
    {
        if (corpus.Test.Count == 0)
        {
            progress.Note("The corpus has no test part: nothing is tested.");
            return;
        }
        group.Doing = "the test";
        if (first.Read(store => store.FindBest()) is { } best)
            CheckpointParts.RestoreGenerator(best, networks.Generator);
        else
            replicas.ShareStatistics();
        evaluation.Evaluate(corpus.Test, RecordName.Test, state.Best?.Epoch ?? config.Train.Epochs);
        Diagnose();
    }

    /// <summary>The theories on what is recorded so far; of a long run that takes a while.</summary>
    private void Diagnose() => first.Patiently("the diagnosis", () => first.Do(j =>
            {
                var verdict = j.Diagnose();
                if (StopOnConfirmed)
                    stoppedBy = verdict.Findings.FirstOrDefault(f =>
                        f is { Outcome: FindingOutcome.Confirmed, Severity: not Severity.Symptom }
                    );
            }));

    private bool Interrupt()
    {
        if (unsaved)
            Save();
        var why = stoppedBy is null ? "on request" : $"by --stop-on confirmed ({stoppedBy.Id})";
        first.Do(j => j.Folder.Interrupt($"stopped {why} after step {state.Step}"));
        progress.Note($"Stopped{(stoppedBy is null ? "" : " " + why)} after step {state.Step}; continue with --resume.");
        return false;
    }

    /// <summary>Rank 0 publishes a checkpoint after all ranks have reported that they hold the same weights.</summary>
    private void Save()
    {
        replicas.Compare(state.Step);
        first.Do(j =>
        {
            j.WatchDisk();
            state = state with { Positions = j.Folder.MarkPositions() };
            var name = state.StepInEpoch == 0 ? new CheckpointName(state.Epoch) : new CheckpointName(state.Epoch + 1, state.Step);
            var best = state.Best is { } b ? new CheckpointName(b.Epoch) : null;
            j.Checkpoints.Save(name, CheckpointParts.Of(networks, state, config), best);
        });
        unsaved = false;
    }
}
