using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Distributed;

/// <summary>What `launch` and the environment's words for several processes come to where nothing is started.</summary>
internal sealed class LaunchTests
{
    private Workplace place = null!;

    [OneTimeSetUp]
    public void SetUp() => place = new Workplace();

    [OneTimeTearDown]
    public void TearDown() => place.Dispose();

    [Test]
    public async Task Launch_says_how_to_install_MPI_where_there_is_none()
    {
        var run = place.NewRun();
        var (code, output, error) = await Ends(["launch", "--processes", "2", "--", .. Train(run)], ("PATH", place.Root));
        error
            .Should()
            .StartWith(
                "speechgan: There is no mpirun on the PATH, and several processes are started by MPI. Install one: on Debian and "
                    + "Ubuntu apt-get install openmpi-bin "
            )
            .And.EndWith("Or run speechgan train without launch, in one process: it uses train.threads cores.");
        code.Should().Be(3);
        output.Should().BeEmpty();
        Directory.Exists(run).Should().BeFalse();
    }

    [TestCase("launch --processes 0 -- train", "--processes is 0; allowed is a whole number from 1 to 64.")]
    [TestCase(
        "launch --processes 65 -- train",
        "--processes is 65; allowed is a whole number from 1 to 64. For more, start the ranks on several machines with mpirun or srun"
    )]
    [TestCase("launch --processes two -- train", "Cannot parse argument 'two' for option '--processes'")]
    [TestCase("launch -- train", "Option '--processes' is required.")]
    [TestCase("launch --processes 2", "launch needs the command that the processes run, after --")]
    [TestCase("launch --processes 2 -- score a b", "'score' does not run in several processes; allowed after -- are train and evaluate.")]
    public async Task Bad_usage_gets_a_sentence_and_exit_code_2(string command, string sentence)
    {
        var (code, _, error) = await Ends(command.Split(' '));
        error.Should().Contain(sentence);
        code.Should().Be(2);
    }

    [TestCase(
        "OMPI_COMM_WORLD_SIZE=1x",
        "speechgan: OMPI_COMM_WORLD_SIZE is '1x' in the environment and must be a whole number: only mpirun and srun set it."
    )]
    [TestCase(
        "SLURM_STEP_NUM_TASKS=4 SLURM_PROCID=1",
        "speechgan: srun started 4 tasks without an MPI interface, and each of them would train alone. Give srun --mpi=pmix "
    )]
    public async Task A_place_that_no_MPI_gave_is_refused_before_anything_is_touched(string variables, string sentence)
    {
        var run = place.NewRun();
        var (code, _, error) = await Ends(Train(run), [.. variables.Split(' ').Select(v => v.Split('=')).Select(v => (v[0], v[1]))]);
        error.Should().StartWith(sentence);
        code.Should().Be(3);
        Directory.Exists(run).Should().BeFalse();
    }

    [TestCase("OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_RANK=1", Mpi.Open)]
    [TestCase("PMI_SIZE=2 PMI_RANK=1", Mpi.Mpich)]
    public async Task A_library_of_another_MPI_than_mpirun_s_is_told_so(string variables, string name)
    {
        // As a process sees it that a strange mpirun started: its words for two, and a library that is alone.
        using var mpi = Mpi.Require(name);
        var run = place.NewRun();
        var (code, _, error) = await Ends(Train(run), [.. variables.Split(' ').Select(v => v.Split('=')).Select(v => (v[0], v[1]))]);
        error
            .Should()
            .StartWith($"speechgan: 2 processes were started together ({variables.Split(' ')[0]}), but ")
            .And.Contain(" sees 1 of them: mpirun and the library belong to different MPIs.");
        code.Should().Be(3);
        Directory.Exists(run).Should().BeFalse();
    }

    [Test]
    public async Task A_group_of_one_trains_alone_without_MPI()
    {
        var run = place.NewRun();
        var (code, output, error) = await Ends(Train(run), ("OMPI_COMM_WORLD_SIZE", "1"), ("OMPI_COMM_WORLD_RANK", "0"));
        code.Should().Be(0, output + error);
        Runs.RunRecord.Load(run).Info.Processes.Should().Be(1);
    }

    [Test]
    public async Task The_doctor_says_what_is_missing_where_there_is_no_mpirun()
    {
        var (_, output, _) = await Ends(["doctor"], ("PATH", place.Root));
        output.Should().Contain("absent several processes no mpirun on the PATH not needed for one process. Install one: ");
    }

    [TestCase(Mpi.Open, "Open MPI ")]
    [TestCase(Mpi.Mpich, "MPICH ")]
    public async Task The_doctor_names_the_MPI_and_has_it_start_two_processes(string name, string version)
    {
        using var mpi = Mpi.Require(name);
        using var child = Child.Start(null, 0, null, ["doctor"], mpi.Environment);
        var (_, output, error) = await child.EndAsync();
        output.Should().Contain($"good several processes {version}", error).And.Contain(": two were started and found each other");
    }

    private string[] Train(string run) => SmallRun.Command(place.Corpus, run, "train.epochs=1");

    private static async Task<(int ExitCode, string Output, string Error)> Ends(
        IEnumerable<string> command,
        params (string Name, string Value)[] variables
    )
    {
        using var child = Child.Start(null, 0, null, command, variables.ToDictionary(v => v.Name, v => v.Value));
        return await child.EndAsync();
    }
}
